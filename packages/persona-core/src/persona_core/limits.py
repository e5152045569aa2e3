"""What whoever reads personas, or anything measured or made of them, must know of how little they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from persona_core.models.notice import Notice
from persona_core.models.persona import Persona, PersonaSet
from persona_core.text import some_of

FEW = 5
"""Participants below which a persona is a hunch."""
_OF_SOURCES = frozenset({"unattributed", "numbers_per_table", "unreadable", "same_twice", "encoding"})
"""Notices that name files or speakers."""


def limits(made: PersonaSet) -> tuple[Notice, ...]:
    """The warnings of personas, whoever made them, without those that name files or speakers; who is left out comes last."""
    found = [each for each in made.warnings if each.code not in _OF_SOURCES]
    if not any(each.code == "few_participants" for each in found):
        found += few([each for each in made.personas if each.participants])
    if made.unrepresented:
        left_out = ", ".join(made.unrepresented[:12]) + (" …" if len(made.unrepresented) > 12 else "")
        found.append(Notice(code="unrepresented", message=f"represented by none of them: {left_out}"))
    return tuple(dict.fromkeys(found))


def few(personas: Sequence[Persona]) -> list[Notice]:
    """Which personas fewer than five people stand behind."""
    small = [persona for persona in personas if len(persona.participants) < FEW]
    if not small:
        return []
    listed = some_of((f"{persona.name} ({len(persona.participants)})" for persona in small), 6)
    message = f"fewer than {FEW} participants stand behind {listed}: treat as a hunch, not a finding"
    return [Notice(code="few_participants", message=message)]
