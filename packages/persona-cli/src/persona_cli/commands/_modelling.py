"""Releasing scripts, with a model or without; what leaves for a model is said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import anyio

from persona_cli import engine
from persona_core.auditing import Auditor
from persona_core.models import Corpus, Persona
from persona_core.models.corpus import Columns
from persona_core.pipeline import Release, ReleaseOptions, release, release_by_model
from persona_core.pseudonyms import Pseudonyms


def releasing(
    corpus: Corpus | None, auditor: Auditor, options: ReleaseOptions, values: Mapping[str, Any]
) -> Callable[[Persona], Release]:
    """What turns a persona into its release."""
    if values["model"] in {None, engine.OFFLINE}:
        return partial(release, corpus=corpus, options=options, auditor=auditor)
    return _Modelled(corpus, auditor, options, values)


class _Modelled:
    """Has a model re-express claims; asks for a yes once."""

    def __init__(
        self, corpus: Corpus | None, auditor: Auditor, options: ReleaseOptions, values: Mapping[str, Any]
    ) -> None:
        self.corpus, self.auditor, self.options = corpus, auditor, options
        self.choice = engine.Choice.calling(values["model"], values)
        self._hide: Callable[[str], str] | None = None

    def __call__(self, persona: Persona) -> Release:
        if self._hide is None:
            self._hide = engine.agreed(self.choice, "the claims of the personas", self._pseudonyms)
        return anyio.run(self._released, persona, self._hide)

    def _pseudonyms(self) -> Callable[[str], str]:
        return Pseudonyms(self.corpus or Corpus((), (), Columns())).hide

    async def _released(self, persona: Persona, hide: Callable[[str], str]) -> Release:
        provider = engine.opened(self.choice)
        try:
            return await release_by_model(
                persona, self.corpus, provider, self.options, auditor=self.auditor, hide=hide
            )
        finally:
            await provider.aclose()
