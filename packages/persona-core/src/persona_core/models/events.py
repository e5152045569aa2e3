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

EVENTS: Mapping[EventType, str] = {
    "generation.started": "Work began. Once for each job, however often its server is killed.",
    "generation.progress": "A stage went on; with a model, `cost_usd` so far. Numbers may repeat after a restart.",
    "persona.created": "A persona is there, and each only once. In a stream it is whole; a webhook is sent its id.",
    "generation.completed": "All is done; the job holds the result.",
    "generation.failed": "No more will come. `personas` of them were made, and are the job's result.",
    "generation.cancelled": "Somebody cancelled it.",
    "generation.revised": "A participant withdrew, and the result of a finished job is another one now.",
}
"""What each says."""


class Event(Noun):
    """Something that happened in a run; holds no participant's words but inside `data.persona`."""

    type: EventType
    sequence: int
    """From 1, without gaps."""
    data: Mapping[str, Any] = {}
    """`stage`, `done`, `of` and, of a model, `cost_usd` so far of a progress; `persona` of a created one; `personas` of a completed or revised run."""
