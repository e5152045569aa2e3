"""What a run says while it works: the same events on a terminal, in Python and on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from persona_core.models.corpus import Noun

EventType = Literal[
    "generation.started",
    "generation.progress",
    "persona.created",
    "generation.completed",
    "generation.failed",
    "generation.cancelled",
    "generation.revised",
]


class Event(Noun):
    """Something that happened in a run; holds no participant's words but inside `data.persona`."""

    type: EventType
    sequence: int
    """From 1, without gaps."""
    data: Mapping[str, Any] = {}
    """`stage`, `done`, `of` and, of a model, `cost_usd` so far of a progress; `persona` of a created one; `personas` of a completed or revised run."""
