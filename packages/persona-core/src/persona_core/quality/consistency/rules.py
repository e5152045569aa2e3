"""Clashes of facts: pairs that no one person can have, by the rows of `data/rules.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from persona_core.models.persona import PROSE
from persona_core.quality.consistency.facts import Fact
from persona_core.quality.consistency.phrases import data, pattern
from persona_core.quality.consistency.statements import Statement


@dataclass(frozen=True, slots=True)
class Rule:
    """Two sides that exclude each other."""

    name: str
    one: frozenset[str]
    other: frozenset[str]
    why: str
    points: float
    unless: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two places in a persona that cannot both be so."""

    kind: str
    first: Statement
    second: Statement
    words: tuple[str, str]
    why: str
    points: float
    """If nothing softens it."""
    differing: bool = False
    """Whether different participants are on record for the two."""
    attested: bool = False
    """Whether a participant is on record with words that say one of the two."""


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule of the data."""
    return tuple(
        Rule(
            name=name,
            one=frozenset(row["one"]),
            other=frozenset(row["other"]),
            why=row["why"],
            points=float(row["points"]),
            unless=pattern(row.get("unless", ())),
        )
        for name, row in data("rules.yaml").items()
    )


def clashes(facts: Sequence[Fact], whole: str) -> Iterator[Clash]:
    """Give the clashes of a persona whose text is `whole`, rule by rule."""
    for rule in rules():
        ones = [fact for fact in facts if fact.name in rule.one]
        others = [fact for fact in facts if fact.name in rule.other]
        if ones and others and not rule.unless.search(whole):
            yield from (_clash(rule, one, other) for one in ones for other in others if _apart(one, other))


def _apart(one: Fact, other: Fact) -> bool:
    """Whether the two stand in different places, and not both in quotes, where people may differ."""
    first, second = one.statement, other.statement
    places = first != second if first.path in PROSE else first.path != second.path
    return places and not (first.quote and second.quote)


def _clash(rule: Rule, one: Fact, other: Fact) -> Clash:
    return Clash(
        kind=rule.name,
        first=one.statement,
        second=other.statement,
        words=(one.words, other.words),
        why=rule.why,
        points=rule.points,
        differing=differ(one.speakers, other.speakers),
        attested=bool(one.speakers or other.speakers),
    )


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether different participants are on record for two things, and none for both."""
    return bool(one and other) and not one & other
