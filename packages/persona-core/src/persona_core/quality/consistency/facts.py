"""Facts about a persona, read out of its statements by the rows of `data/facts/`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from persona_core.quality.consistency.about import of_the_persona
from persona_core.quality.consistency.phrases import Phrases, fact_rows, needed, pattern, phrases
from persona_core.quality.consistency.statements import Statement
from persona_core.quality.consistency.triggers import Starts, starts


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
    said: Phrases
    presupposed: Phrases
    """Phrases that hold however the sentence goes: who never helps *her kids* has kids."""
    fields: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    """For fields of the demographics, by key: what their value may say."""
    unless: re.Pattern[str]
    """What makes a sentence say something else."""
    past: bool
    """Whether what happened once goes on being so: who sold the car has none."""
    triggers: Starts | None
    """Beginnings of words one of which is needed for any phrase."""
    ages: tuple[float, float]
    """Youngest and oldest of whom it can be true, in years."""

    def found(self, statement: Statement) -> str | None:
        """The words that say so in a statement, if it says so."""
        if statement.field:
            return self._in_field(statement) or self._in_text(statement)
        return self._in_text(statement)

    def _in_field(self, statement: Statement) -> str | None:
        for key, value in self.fields:
            if key.search(statement.field.replace("_", " ")):
                match = value.search(statement.text)
                if match and not self.unless.search(statement.text):
                    return statement.text
        return None

    def _in_text(self, statement: Statement) -> str | None:
        if self.triggers is not None and self.triggers.isdisjoint(statement.starts):
            return None
        for these, presupposed in ((self.presupposed, True), (self.said, False)):
            for match in these.matches(statement.text, statement.starts):
                if of_the_persona(statement, match, presupposed=presupposed, past=self.past):
                    return None if self.unless.search(statement.text) else match.group()
        return None


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Every row of the data, compiled."""
    return tuple(_row(name, given) for name, given in fact_rows().items())


def _row(name: str, given: Mapping[str, Any]) -> Row:
    said, presupposed = phrases(given.get("said", ())), phrases(given.get("presupposed", ()))
    return Row(
        name=name,
        said=said,
        presupposed=presupposed,
        fields=tuple(
            (pattern([keys]), re.compile(rf"^(?:{pattern(values).pattern})"))
            for keys, values in given.get("fields", {}).items()
        ),
        unless=pattern(given.get("unless", ())),
        past=given.get("past", False),
        triggers=needed((said, presupposed)),
        ages=tuple(given.get("ages", (float("-inf"), float("inf")))),
    )


def facts(statements: Sequence[Statement]) -> list[Fact]:
    """All that the statements say, in their order."""
    return [fact for statement in statements for fact in _of(statement)]


def _of(statement: Statement) -> Iterator[Fact]:
    for row in rows():
        words = row.found(statement)
        if words is not None:
            yield Fact(row.name, words, statement, frozenset(_speakers(row, statement)))


def _speakers(row: Row, statement: Statement) -> Iterator[str]:
    for participant, words in statement.said:
        begun = starts(words)
        if any(any(each.matches(words, begun)) for each in (row.said, row.presupposed)):
            yield participant
