"""The answers that `persona_core.testing.truthful` gives, over HTTP."""

from __future__ import annotations

from loopback.server import Request
from persona_core import testing
from persona_core.models.completion import Message, Prompt

_OPENINGS = {
    "Find exactly": "propose",
    "Note what": "observe",
    "Write one persona": "persona",
    "Some claims": "requote",
}
"""How the task of each prompt of the synthesis begins."""


def task_of(request: Request) -> str:
    """The task of a synthesis prompt: its second message."""
    return str(request.messages[1]["content"])


def truthful(request: Request) -> str:
    """Answer a prompt of the synthesis with words that stand in its data."""
    name = next(name for opening, name in _OPENINGS.items() if task_of(request).startswith(opening))
    messages = tuple(Message(role=each["role"], text=each["content"]) for each in request.messages)
    return testing.truthful(Prompt(name=f"{name}/1", messages=messages, answer_schema=request.schema))
