"""The texts that models are asked with, versioned: a changed text is a new version."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from persona_core.models.completion import Message, Prompt

VERSIONS = {"abstract": 1, "judge": 1, "propose": 1, "observe": 1, "persona": 2, "requote": 2}
"""The version of each text that is in use."""


@cache
def text(name: str) -> str:
    """The text of a prompt: its system message, a line `---`, and its task with `{slots}`."""
    return files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8")


_SYNTHESIS = ("observe", "persona", "propose", "requote")
"""The texts that personas are made with."""


def hashes() -> dict[str, str]:
    """Name and version of each text that personas are made with, and the SHA-256 of its bytes."""
    return {
        f"{name}/{VERSIONS[name]}": hashlib.sha256(text(name).encode()).hexdigest() for name in _SYNTHESIS
    }


def fill(name: str, *, max_tokens: int, seed: int, **slots: object) -> Prompt:
    """A prompt with its slots filled. Slots are filled once: what corpus text holds is never taken for a slot."""
    system, _, task = text(name).partition("\n---\n")
    parts = task.split("{")
    filled = parts[0]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        filled += f"{slots[slot]}{rest}"
    messages = (Message(role="system", text=system.strip()), Message(role="user", text=filled.strip()))
    return Prompt(name=f"{name}/{VERSIONS[name]}", messages=messages, max_tokens=max_tokens, seed=seed)
