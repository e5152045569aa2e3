"""Places that nobody can live in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from persona_core.quality.consistency.about import of_the_persona
from persona_core.quality.consistency.phrases import data, pattern
from persona_core.quality.consistency.statements import Statement
from persona_core.quality.lexicons import plain


def imaginary(statements: Sequence[Statement]) -> Iterator[tuple[Statement, str]]:
    """Give each statement that puts the persona into a place that does not exist, with the place."""
    field, place, told, unless = _patterns()
    for statement in statements:
        if statement.quote or unless.search(statement.text):
            continue
        if statement.field:
            match = place.search(statement.text) if field.search(statement.field.replace("_", " ")) else None
        else:
            match = told.search(statement.text)
            match = match if match and of_the_persona(statement, match) else None
        if match:
            yield statement, match["place"]


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    given = data("places.yaml")
    place = rf"(?P<place>{pattern(map(plain, given['places'])).pattern})"
    told = f"{pattern(given['said']).pattern} (?:the (?:city|kingdom|land|realm|planet) of )?{place}"
    return pattern(given["fields"]), re.compile(place), re.compile(told), pattern(given["unless"])
