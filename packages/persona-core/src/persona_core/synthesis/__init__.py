"""Corpus in, personas out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from persona_core.models.corpus import Corpus
from persona_core.models.options import SynthesisOptions
from persona_core.models.persona import Persona, PersonaSet
from persona_core.synthesis.extractive import Extractive
from persona_core.synthesis.prompted import Prompted

__all__ = ["Extractive", "Prompted", "Synthesiser"]


class Synthesiser(Protocol):
    """Anything that makes personas of a corpus."""

    name: str

    async def synthesise(
        self,
        corpus: Corpus,
        options: SynthesisOptions,
        told: Callable[[str, int, int], None] | None = None,
        created: Callable[[Persona], None] | None = None,
    ) -> PersonaSet:
        """Make personas; `told` hears a stage, how much is done, and of how much, `created` each persona as it is made."""
        ...
