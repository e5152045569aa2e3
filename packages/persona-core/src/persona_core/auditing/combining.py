"""How many participants the released demographics fit together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from persona_core.auditing.copies import count_once
from persona_core.models.corpus import Corpus, Person
from persona_core.text import words

_BAND = re.compile(r"(?P<low>\d{1,3})\s*(?:[-–—]|to)\s*(?P<high>\d{1,3})")
_OVER = re.compile(
    r"(?:over|above|more than|older than|at least|≥)\s*(\d{1,3})|(\d{1,3})\s*(?:\+|(?:and|or) (?:over|older|above|more))"
)
_UNDER = re.compile(
    r"(?:under|below|less than|younger than|up to|≤)\s*(\d{1,3})|(\d{1,3})\s*(?:and|or) (?:under|younger|below|less)"
)
_EMPTY = frozenset({"", "various", "mixed", "unknown", "not given", "none"})


def fitting(corpus: Corpus, demographics: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """Count the participants whom all released values fit, and name the values that say anything about them.

    A value that fits nobody is not from the data (`works in health care`), and is left out. Copies of one interview are one.
    """
    told = {
        key: {i for i, person in enumerate(corpus.people) if _fits(person, key, str(value))}
        for key, value in demographics.items()
        if str(value).strip().lower() not in _EMPTY
    }
    told = {key: people for key, people in told.items() if people}
    everybody = set(range(len(corpus.people)))
    together = everybody.intersection(*told.values()) if told else everybody
    return count_once(corpus, together), tuple(key for key, people in told.items() if people != everybody)


def _fits(person: Person, key: str, released: str) -> bool:
    theirs = [str(value) for name, value in person.demographics.items() if _same_key(name, key)]
    return any(_value_fits(each, released) for each in theirs)


def _same_key(one: str, other: str) -> bool:
    """Whether two names of demographics mean one: `age` and `age_range` do."""

    def bare(key: str) -> str:
        return re.sub(r"_?(?:range|group|band)$|[^a-z]", "", key.lower().replace(" ", "_")).replace("_", "")

    return bare(one) == bare(other)


def _value_fits(theirs: str, released: str) -> bool:
    ours = _bounds(released)
    band = _bounds(theirs) if ours else None
    if ours and band:
        return ours[0] <= band[0] and band[1] <= ours[1]
    said, wanted = words(theirs.lower()), words(released.lower())
    return bool(wanted) and (said == wanted or set(wanted) <= set(said) or _any_of(released, theirs))


def _any_of(released: str, theirs: str) -> bool:
    """Whether a released value names several, and theirs is one of them."""
    parts: Sequence[str] = re.split(r",|/|\bor\b|\band\b", released.lower())
    return len(parts) > 1 and any(words(part) == words(theirs.lower()) for part in parts)


def _bounds(value: str) -> tuple[int, int] | None:
    """The least and the most of a number or a band of them."""
    lowered = value.lower()
    if found := _BAND.search(lowered):
        return int(found["low"]), int(found["high"])
    if found := _OVER.search(lowered):
        return int(found[1] or found[2]), 999
    if found := _UNDER.search(lowered):
        return 0, int(found[1] or found[2])
    return (int(value), int(value)) if value.strip().isdecimal() else None
