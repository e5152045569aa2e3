"""Exact ages and places that few rows of a study hold, and dates, which no text about people in general needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from persona_core.auditing.ages import ages_in
from persona_core.auditing.copies import people_once
from persona_core.auditing.disguises import plain
from persona_core.models.corpus import Corpus

_BORN = re.compile(
    r"\b(?:born|birth|birthday|birthdate|dob|d\.o\.b\.?)\W{1,4}(?:(?:on|is|was|date)\W{1,3}){0,2}"
    r"(?P<date>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_UNIT = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_UNIT}|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth"
    rf"|twentieth|thirtieth|twenty[- ](?:{_UNIT})|thirty[- ]first)"
)
_YEAR = (
    r"(?:(?:19|20)\d\d|['’]\d\d|(?:nineteen|twenty)[- ](?:hundred|oh|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\b)?|two thousand(?:(?: and)? \w+)?)"
)
_WRITTEN_DATE = re.compile(
    rf"\b(?:{_DAY}(?: day)?,?(?: of)?[ -]{_MONTH},?(?: of| in)?(?: the year)?[ -]{_YEAR}|{_MONTH},? (?:the )?{_DAY},?(?: in)? {_YEAR})\b",
    re.IGNORECASE,
)
"""A day with its month and year, in words or partly so."""
_NUMERIC_DATE = re.compile(
    r"(?<![\w./-])(?:(?:19|20)\d\d(?P<sep>[-/.])(?:0?[1-9]|1[0-2])(?P=sep)(?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])(?P<by>[-/.])(?:0?[1-9]|[12]\d|3[01])(?P=by)(?:19|20)\d\d)(?![\d/T-]|\.\d)"
)
"""A day with its month and year: `2023-05-14`, `14.5.2023`; not where a time follows, as where a script says when it was made."""
_PLACES = re.compile(
    r"location|city|town|country|place|region|employer|company|organi[sz]ation|school|university"
)
Place = tuple[int, int, str]
"""Half-open offsets, and what stands there."""


class Rows:
    """What fewer than `k` rows hold."""

    def __init__(self, corpus: Corpus, k: int) -> None:
        self._k = k
        ages: Counter[str] = Counter()
        phrases: Counter[str] = Counter()
        once = people_once(corpus)
        for person in (each for i, each in enumerate(corpus.people) if once[i] == i):
            for key, value in person.demographics.items():
                told = plain(str(value)).strip().lower()
                if "age" in key.lower().split("_") and told.isdecimal():
                    ages[told] += 1
                elif _PLACES.search(key.lower()) and len(told) > 3:
                    phrases[told] += 1
        self._ages = {age for age, count in ages.items() if count < k}
        self._phrases = {phrase for phrase, count in phrases.items() if count < k}

    def find(self, text: str) -> Iterator[Place]:
        """Find what few rows hold."""
        for start, end, age in ages_in(text):
            if age in self._ages:
                yield start, end, f"an exact age that fewer than {self._k} participants have"
        yield from self._places(text)

    def _places(self, text: str) -> Iterator[Place]:
        lowered = text.lower()
        for phrase in self._phrases if len(lowered) == len(text) else ():
            at = lowered.find(phrase)
            while at >= 0:
                end = at + len(phrase)
                if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
                    yield at, end, f"a place or organisation of fewer than {self._k} participants"
                at = lowered.find(phrase, end)


def exact_dates(text: str) -> Iterator[Place]:
    """Find days with their month and year, in words and in numbers, and days of birth, whatever the rows hold."""
    for pattern in (_WRITTEN_DATE, _NUMERIC_DATE):
        for match in pattern.finditer(text):
            yield *match.span(), "an exact date"
    for match in _BORN.finditer(text):
        yield *match.span("date"), "a date of birth"
