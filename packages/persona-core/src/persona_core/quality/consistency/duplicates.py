"""Claims that are there twice in one persona."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from persona_core.models.persona import FACETS, Persona
from persona_core.quality.consistency.opposites import opposed, stance_of
from persona_core.quality.consistency.statements import Statement
from persona_core.quality.lexicons import plain
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
    told = [_told(path, claim.text) for path, claim in persona.claims() if path != "headline"]
    for group in (FACETS, ("quotes",)):
        seen: list[_Told] = []
        for each in told:
            if not each.path.startswith(group):
                continue
            found = [(points, other.path) for other in seen if (points := _alike(each, other))]
            if found:
                points, of = max(found, key=lambda pair: pair[0])
                yield Duplicate(each.path, of, each.text, points)
            seen.append(each)


@dataclass(frozen=True, slots=True)
class _Told:
    path: str
    text: str
    bare: str
    stems: frozenset[str]


def _told(path: str, text: str) -> _Told:
    bare = " ".join(words(plain(text)))
    return _Told(path, text, bare, frozenset(content_stems(bare)))


def _alike(one: _Told, other: _Told) -> float:
    """Points for two claims that say the same; 0 where they do not."""
    if one.bare == other.bare and one.bare:
        return SAME
    shared = len(one.stems & other.stems)
    if shared < 3 or 2 * shared / (len(one.stems) + len(other.stems)) < _LIKE:
        return 0.0
    differ = _numbers(one.bare) != _numbers(other.bare) or _opposite(one.text, other.text)
    return 0.0 if differ else NEAR


def _numbers(text: str) -> set[str]:
    return {each for each in text.split() if each.isdecimal()}


def _opposite(one: str, other: str) -> bool:
    first, second = (stance_of(Statement("context[0]", plain(text))) for text in (one, other))
    return first is not None and second is not None and opposed(first, second)
