"""What a run says while it works: the same events on a terminal, in Python and on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from persona_core.models.noun import Noun

EventType = Literal[
    "generation.started",
    "generation.progress",
    "persona.created",
    "generation.completed",
    "generation.failed",
    "generation.cancelled",
    "generation.revised",
]


@dataclass(frozen=True, slots=True)
class EventKind:
    """What there is to know of an event; a server's streams, webhooks and withdrawals go by it."""

    when: str
    """When it is told, and what it says."""
    figures: tuple[str, ...] = ()
    """What of its data webhooks are sent, too: numbers and ids, never anybody's words or names."""
    told: Literal["once", "each once", "again"] = "each once"
    """How often a job tells it that goes on after a crash: once; once with the same figures; again and again."""


EVENTS: Mapping[EventType, EventKind] = {
    "generation.started": EventKind(
        "Work began. Once for each job, however often its server is killed.", ("participants",), "once"
    ),
    "generation.progress": EventKind(
        "A stage went on; with a model, `cost_usd` so far. Numbers may repeat after a restart.",
        ("stage", "done", "of"),
        "again",
    ),
    "persona.created": EventKind(
        "A persona is there, and each only once. In a stream it is whole; a webhook is sent its id."
    ),
    "generation.completed": EventKind(
        "All is done; the job holds the result.", ("personas", "duration_seconds", "cost_usd")
    ),
    "generation.failed": EventKind(
        "No more will come. `personas` of them were made, and are the job's result.",
        ("personas", "duration_seconds"),
    ),
    "generation.cancelled": EventKind("Somebody cancelled it."),
    "generation.revised": EventKind(
        "A participant withdrew, and the result of a finished job is another one now.", ("personas",)
    ),
}


class Event(Noun):
    """Something that happened in a run; holds no participant's words but inside `data.persona`."""

    type: EventType
    sequence: int
    """From 1, without gaps."""
    data: Mapping[str, Any] = {}
    """`stage`, `done`, `of` and, of a model, `cost_usd` so far of a progress; `persona` of a created one; `personas` of a completed or revised run."""
