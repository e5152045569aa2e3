"""Two homes: a persona who lives in one city and, elsewhere, in another city or country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from persona_core.models.persona import PROSE
from persona_core.quality.consistency.about import of_the_persona
from persona_core.quality.consistency.phrases import data, pattern
from persona_core.quality.consistency.rules import Clash, differ
from persona_core.quality.consistency.statements import Statement

_POINTS = 28.0


@dataclass(frozen=True, slots=True)
class Home:
    """Where a statement says that the persona lives."""

    city: str
    """Empty where only the country is told."""
    country: str
    words: str
    statement: Statement
    speakers: frozenset[str] = frozenset()


def homes(statements: Sequence[Statement]) -> list[Home]:
    """Give the homes that the statements tell of, in their order; quotes tell of none."""
    known = _known()
    return [home for each in statements if not each.quote for home in _told(each, known)]


def home_clashes(statements: Sequence[Statement]) -> Iterator[Clash]:
    """Give each pair of homes that are not one; none where the persona says that it lives here and there."""
    found = homes(statements)
    if len(found) < 2 or any(_known().unless.search(each.text) for each in statements):
        return
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if _elsewhere(one, other):
                yield Clash(
                    kind="two homes",
                    first=one.statement,
                    second=other.statement,
                    words=(one.words, other.words),
                    why="a persona lives in one place; say so if it is two",
                    points=_POINTS,
                    differing=differ(one.speakers, other.speakers),
                    attested=bool(one.speakers or other.speakers),
                )


def _elsewhere(one: Home, other: Home) -> bool:
    apart = one.statement.path != other.statement.path or one.statement.path in PROSE
    both = bool(one.city and other.city)
    return apart and (one.city != other.city if both else one.country != other.country)


@dataclass(frozen=True, slots=True)
class _Known:
    """The table of cities, ready for looking up."""

    fields: re.Pattern[str]
    place: re.Pattern[str]
    told: re.Pattern[str]
    unless: re.Pattern[str]
    cities: dict[str, str]
    countries: dict[str, str]


def _told(statement: Statement, known: _Known) -> Iterator[Home]:
    if statement.field:
        if not known.fields.fullmatch(statement.field.replace("_", " ")):
            return
        names = [match["place"] for match in known.place.finditer(statement.text)]
    else:
        match = known.told.search(statement.text)
        if match is None or not of_the_persona(statement, match):
            return
        names = [match["place"]]
    if home := _home(names, statement, known):
        yield home


def _home(names: Sequence[str], statement: Statement, known: _Known) -> Home | None:
    """One home of the places named; none where they name two cities or countries, or a city that lies elsewhere."""
    cities = {known.cities[name] for name in names if name in known.cities}
    countries = {known.countries[name] for name in names}
    if len(countries) != 1 or len(cities) > 1:
        return None
    speakers = frozenset(who for who, words in statement.said if any(name in words for name in names))
    return Home(min(cities, default=""), countries.pop(), statement.text, statement, speakers)


@lru_cache(maxsize=1)
def _known() -> _Known:
    given = data("cities.yaml")
    one_name = {name: same[0] for same in given["same"] for name in same}
    cities, countries = {}, {}
    for country, row in given["countries"].items():
        countries.update(dict.fromkeys((*row["names"], *row["cities"]), country))
        cities.update({name: one_name.get(name, name) for name in row["cities"]})
    names = sorted(countries, key=len, reverse=True)
    place = rf"(?P<place>{'|'.join(map(re.escape, names))})(?![\w-])"
    return _Known(
        fields=re.compile("|".join(given["fields"])),
        place=re.compile(rf"(?<![\w-]){place}"),
        told=re.compile(rf"{pattern(given['said']).pattern} {place}"),
        unless=pattern(given["unless"]),
        cities=cities,
        countries=countries,
    )
