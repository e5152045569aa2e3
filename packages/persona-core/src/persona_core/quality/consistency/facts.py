"""Facts about a persona, read out of its statements by the rows of `data/facts/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from persona_core.quality.consistency.about import of_the_persona
from persona_core.quality.consistency.phrases import Phrase, fact_rows, pattern
from persona_core.quality.consistency.statements import Statement
from persona_core.quality.consistency.triggers import Starts, Triggered, starts


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a statement says of the persona."""

    name: str
    """The row that read it."""
    words: str
    """The words it was read from, plain."""
    statement: Statement
    speakers: frozenset[str] = frozenset()
    """Participants on record with words that say it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of fact: how it is said."""

    name: str
    phrases: tuple[Phrase, ...]
    fields: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """For fields of the demographics, by key: what their value may say."""
    unless: re.Pattern[str]
    """What makes a sentence say something else."""
    past: bool
    """Whether what happened once goes on being so: who sold the car has none."""
    ages: tuple[float, float]
    """Youngest and oldest of whom it can be true, in years."""

    def in_field(self, statement: Statement) -> str | None:
        """The value of a field that says so."""
        for key, value in self.fields:
            if key.search(statement.field.replace("_", " ")):
                match = value.search(statement.text)
                if match and not self.unless.search(statement.text):
                    return statement.text
        return None

    def in_text(self, statement: Statement, phrases: Iterable[Phrase]) -> str | None:
        """The words of a statement that say so by one of the row's phrases."""
        for each in phrases:
            for match in each.pattern.finditer(statement.text):
                if of_the_persona(statement, match, presupposed=each.presupposed, past=self.past):
                    return None if self.unless.search(statement.text) else match.group()
        return None


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Every row of the data, compiled."""
    return tuple(_row(name, given) for name, given in fact_rows().items())


def _row(name: str, given: Mapping[str, Any]) -> Row:
    return Row(
        name=name,
        phrases=(
            *(Phrase(each, presupposed=True) for each in given.get("presupposed", ())),
            *(Phrase(each) for each in given.get("said", ())),
        ),
        fields=tuple(
            (pattern([keys]), re.compile(rf"^(?:{pattern(values).pattern})"))
            for keys, values in given.get("fields", {}).items()
        ),
        unless=pattern(given.get("unless", ())),
        past=given.get("past", False),
        ages=tuple(given.get("ages", (float("-inf"), float("inf")))),
    )


@lru_cache(maxsize=1)
def _by_beginnings() -> Triggered[tuple[int, Phrase]]:
    """Every phrase with the number of its row."""
    return Triggered(
        (each.needed, (number, each)) for number, row in enumerate(rows()) for each in row.phrases
    )


def facts(statements: Sequence[Statement]) -> list[Fact]:
    """All that the statements say, in their order."""
    return [fact for statement in statements for fact in _of(statement)]


def _of(statement: Statement) -> Iterator[Fact]:
    phrases = _likely(statement.starts)
    for number in sorted(phrases.keys() | _with_field(statement.field)):
        row = rows()[number]
        words = row.in_field(statement) if statement.field else None
        words = words or row.in_text(statement, phrases.get(number, ()))
        if words is not None:
            yield Fact(row.name, words, statement, frozenset(_speakers(number, statement)))


@lru_cache(maxsize=1000)
def _with_field(field: str) -> frozenset[int]:
    """The numbers of the rows that a field of the demographics may tell of."""
    key = field.replace("_", " ")
    return frozenset(
        number
        for number, row in enumerate(rows())
        if field and any(keys.search(key) for keys, _ in row.fields)
    )


def _likely(begun: Starts) -> dict[int, list[Phrase]]:
    """By the numbers of their rows, in order, the phrases that may stand where words begin so."""
    found: dict[int, list[Phrase]] = {}
    for number, phrase in _by_beginnings().among(begun):
        found.setdefault(number, []).append(phrase)
    return found


def _speakers(number: int, statement: Statement) -> Iterator[str]:
    for participant, words in statement.said:
        phrases = _likely(starts(words)).get(number, ())
        if any(each.pattern.search(words) for each in phrases):
            yield participant
