"""Claims that say the opposite of each other: the same thing, with and without a negation, or with opposed words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from persona_core.models.persona import FACETS
from persona_core.quality.consistency.about import tells_of_others
from persona_core.quality.consistency.phrases import data, listed
from persona_core.quality.consistency.rules import Clash, differ
from persona_core.quality.consistency.statements import Statement
from persona_core.text import STOP_WORDS, stem, words

_POINTS = 28.0
_DENIES = re.compile(r"^(?:not|never|cannot|\w+n't|hardly|barely|rarely|seldom|neither|nor)$")
_PARTLY = re.compile(
    r"\b(?:not|n't|never) (?:\w+ )?(?:always|every\w*|all|only|just|too|enough|much|often|usually|really|necessarily|entirely|completely|fully|yet|quite|as|so|mind|because|even|sure|that|the only|many|solely|exclusively|simply|very)\b"
)
_LITTLE = re.compile(
    r"(?:\bnot|n't|\bnever)\b.{0,60}\b(?:much|often|enough|yet|either|a lot|all the time|every|always|at the moment|right now|that (?:much|often|many))\b"
)
_EVERY = re.compile(
    r"\b(?:every|each) (?:single )?(?:day|morning|evening|night|week|weekday)\b|\bdaily\b|\ba (?:day|week)\b"
)
_UNSETTLED = re.compile(
    r"\b(?:if|when|unless|no|none|lack|lacks|without|would|could|might|may|should|used to|but|although|though|however|sometimes|except|depends?|depending|while|whereas|unlike|compared|than|or|until|instead|rather|wish|hope|hopes|before covid|in the past|most of|some of)\b"
)
_HATES = re.compile(
    r"\b(?:can't|cannot|can not) (?:stand|bear)\b|\b(?:is|am|i'm|are) (?:fed up|sick) (?:with|of)\b"
)
"""Dislike that is worded as a negation."""
_LONGEST = 24
"""Words; what is longer says several things."""
_SAME = 0.75
"""Share of what both are about (Dice, 0–1) from which they are about the same, with two things in common."""


@dataclass(frozen=True, slots=True)
class Stance:
    """What a statement is about, and how it stands to it."""

    about: frozenset[str]
    """Stems, the opposed words left out."""
    sides: tuple[tuple[int, bool], ...]
    """Pairs of opposed words that it uses, each with the side it is on."""
    denied: bool
    daily: bool = False
    """Whether it is said to happen every day or week."""


def opposites(statements: Sequence[Statement]) -> Iterator[Clash]:
    """Give the claims and quotes that say the opposite of each other; never two quotes."""
    told = [
        (each, stance)
        for each in statements
        if each.path.startswith((*FACETS, "quotes", "headline")) and (stance := stance_of(each))
    ]
    for i, (first, one) in enumerate(told):
        for second, other in told[i + 1 :]:
            if (first.quote and second.quote) or first.path == second.path or not opposed(one, other):
                continue
            yield Clash(
                kind="claim against quote" if second.quote or first.quote else "opposite claims",
                first=first,
                second=second,
                words=(first.text, second.text),
                why="one says the opposite of the other",
                points=_POINTS,
                differing=differ(_who(first), _who(second)),
            )


def stance_of(statement: Statement) -> Stance | None:
    """How a statement stands to what it is about; nothing where it tells of others, or leaves it open."""
    text = _HATES.sub("hates", statement.text)
    tokens = [each.replace("’", "'") for each in words(text)]
    unsettled = (
        _UNSETTLED.search(text) or _PARTLY.search(text.replace("n't ", " n't ")) or _LITTLE.search(text)
    )
    if len(tokens) > _LONGEST or text.endswith("?") or unsettled or listed("past").search(text):
        return None
    if statement.aspires or tells_of_others(statement):
        return None
    sides = _sides()
    denials = [i for i, token in enumerate(tokens) if _DENIES.match(token)]
    if len(denials) > 1:
        return None
    stands = {
        sides[token][0]: sides[token][1] != any(0 < i - at <= 4 for at in denials if tokens[at] != token)
        for i, token in enumerate(tokens)
        if token in sides
    }
    return Stance(_about(tokens), tuple(sorted(stands.items())), bool(denials), bool(_EVERY.search(text)))


def opposed(one: Stance, other: Stance) -> bool:
    """Whether two stances to the same thing exclude each other."""
    if not (_same(one.about, other.about) or _within(one, other) or _within(other, one)):
        return False
    first, second = dict(one.sides), dict(other.sides)
    shared = first.keys() & second.keys()
    if shared:
        return sum(first[pair] != second[pair] for pair in shared) % 2 == 1
    settled = _frequency()
    return one.denied != other.denied and not ((first.keys() | second.keys()) - {settled})


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = one & other
    if not shared:
        return False
    return one == other or (len(shared) >= 2 and 2 * len(shared) / (len(one) + len(other)) >= _SAME)


def _within(never: Stance, daily: Stance) -> bool:
    """Whether one never does what the other does every day, with more said about it."""
    return (
        never.denied
        and daily.daily
        and not daily.denied
        and len(never.about) > 1
        and never.about < daily.about
    )


def _about(tokens: Sequence[str]) -> frozenset[str]:
    left_out = _fillers()
    return frozenset(
        stem(each)
        for each in tokens
        if each not in STOP_WORDS
        and each not in left_out
        and each not in _sides()
        and not _DENIES.match(each)
    )


def _who(statement: Statement) -> frozenset[str]:
    return frozenset(participant for participant, _ in statement.said)


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[int, bool]]:
    return {
        word: (i, side)
        for i, pair in enumerate(data("opposites.yaml")["pairs"])
        for side, listing in zip((True, False), pair, strict=True)
        for word in listing.split()
    }


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    return frozenset(data("opposites.yaml")["fillers"].split())


def _frequency() -> int:
    return _sides()["always"][0]
