"""Exact ages that a text tells, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)}|{'|'.join(_ONES)})\b"
_NO_MORE = r"(?![-–+%]|[:.,]\d|\s*(?:to|minutes|hours|days|weeks|months|times|per cent|percent|years? (?!old|of age))\b)"
_PEOPLE = (
    "(?:(?:wo)?m[ae]n|girl|boy|lady|guy|gentleman|person|people|adult|student|pupil|mother|father|mum|mom|dad|widow(?:er)?"
    "|parent|participant|respondent|user|customer|patient|somebody|someone)"
)
_AGES = (
    re.compile(
        r"\b(?:aged?(?: of)?|age_?range|at the age of|(?:he|she) is|(?:they|you|we) are|i am|(?:he|she|i|they)['’](?:s|m|re)"
        rf"|(?:just |recently |is |has )?turned|{_PEOPLE} of)\W{{0,4}}(?P<age>{_NUMBER}){_NO_MORE}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<age>{_NUMBER})[ -]years?[ -](?:old|of[ -]age)\b", re.IGNORECASE),
)
Age = tuple[int, int, str]
"""Half-open offsets, and the age in digits."""


def ages_in(text: str) -> Iterator[Age]:
    """Find ages: `aged 34`, `a woman of thirty-four`, `34 years old`."""
    for pattern in _AGES:
        for match in pattern.finditer(text):
            yield *match.span("age"), _in_digits(match["age"].lower())


def _in_digits(age: str) -> str:
    if age.isdecimal():
        return age
    tens, _, ones = age.replace("-", " ").partition(" ")
    if tens in _TENS:
        return str(10 * _TENS.index(tens) + 20 + (_ONES.index(ones) + 1 if ones else 0))
    return str(_TEENS.index(tens) + 10 if tens in _TEENS else _ONES.index(tens) + 1)
