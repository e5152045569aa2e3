"""Claims that are there twice in one persona."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from persona_core.models.persona import FACETS, Persona
from persona_core.quality.consistency.opposites import opposed, stance_of
from persona_core.quality.consistency.phrases import plain
from persona_core.quality.consistency.statements import Statement
from persona_core.text import content_stems, words

SAME, NEAR = 12.0, 8.0
"""Points for a claim that another says word for word, or nearly."""
_LIKE = 0.8
"""Share of content stems in common (Dice, 0–1) from which two claims say nearly the same."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A claim that another has said already."""

    path: str
    of: str
    text: str
    points: float


def duplicates(persona: Persona) -> Iterator[Duplicate]:
    """Give each claim that repeats an earlier one, once; quotes are compared with quotes, the headline with nothing."""
    told = [(path, claim.text) for path, claim in persona.claims() if path != "headline"]
    for group in (FACETS, ("quotes",)):
        seen: list[tuple[str, str]] = []
        for path, text in told:
            if not path.startswith(group):
                continue
            found = [(points, of) for of, other in seen if (points := _alike(text, other))]
            if found:
                points, of = max(found, key=lambda each: each[0])
                yield Duplicate(path, of, text, points)
            seen.append((path, text))


def _alike(one: str, other: str) -> float:
    """Points for two claims that say the same; 0 where they do not."""
    bare = [" ".join(words(plain(text))) for text in (one, other)]
    if bare[0] == bare[1] and bare[0]:
        return SAME
    first, second = set(content_stems(bare[0])), set(content_stems(bare[1]))
    shared = len(first & second)
    if shared < 3 or 2 * shared / (len(first) + len(second)) < _LIKE:
        return 0.0
    numbers = [{each for each in words(text) if each.isdecimal()} for text in bare]
    return 0.0 if numbers[0] != numbers[1] or _opposite(one, other) else NEAR


def _opposite(one: str, other: str) -> bool:
    first, second = (stance_of(Statement("context[0]", plain(text))) for text in (one, other))
    return first is not None and second is not None and opposed(first, second)
