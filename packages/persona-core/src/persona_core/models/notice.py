"""What is said beside sources, personas and scores."""

from __future__ import annotations

from persona_core.models.noun import Noun


class Notice(Noun):
    """Something a reader must know, with a stable code and a sentence."""

    code: str
    """Stable, for programs."""
    message: str
    """A sentence, for people."""
