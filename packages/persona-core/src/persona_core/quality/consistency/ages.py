"""Ages, years of experience, and what cannot be at an age."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona_core.models.persona import PROSE
from persona_core.quality.consistency.about import of_the_persona
from persona_core.quality.consistency.facts import Fact, rows
from persona_core.quality.consistency.rules import Clash, differ
from persona_core.quality.consistency.statements import Statement

OLDEST = 119
"""Years; the oldest living people are a little younger."""
THIS_YEAR = 2025
"""Years since are counted to here, so that a score does not change with the calendar; it may only be too careful."""
FIRST_WORK = 12
"""Years of age before which nobody gathers experience at work."""
_POINTS = 32.0
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty"
).split()
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_DECADES = {"teens": 10, **{word.removesuffix("y") + "ies": ten for word, ten in _TENS.items()}}
_NUMBER = (
    rf"(?:\d+|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_NUMBERS[1:10])}))?|{'|'.join(reversed(_NUMBERS))})"
)
_FIELD = re.compile(
    r"^(?:age|ages|age_?range|age_?group|age_?band|alter|years_old|age_years|age_in_years|agerange)$"
)
_BORN_FIELD = re.compile(r"birth|^born|^dob$")
_RANGE = re.compile(r"^(-?\d+)(?:\s*(?:-|to|until|bis)\s*(\d+))?\s*(\+)?")
_DECADE = re.compile(r"(early |mid |mid-|late )?(\d0'?s|teens|\w+ies)\b")
_THINGS = "company|firm|business|house|building|church|brand|tradition|farm|tree|school|hotel|museum|university|bakery|shop|village|flat|car|laptop|phone|computer|tool|app|newspaper|family|institution|organi[sz]ation|estate|factory|method|recipe"
_TOLD = (
    re.compile(
        rf"^(?:\w+ ){{0,4}}?(?:is )?(?:a|an) (?:\w+ )?({_NUMBER})[- ]years?[- ]old(?! (?:\w+ )?(?:{_THINGS})\b)"
    ),
    re.compile(
        rf"(?:(?:\bis|\bam|i'm) (?=[\w-]+ years (?:old|of age))|^(?:(?:he|she) )?is (?=[\w-]+(?:,|\.|$))|\baged |\bturn(?:s|ed) )({_NUMBER})(?: years old|(?=,| and |\.|$| years of age))"
    ),
    re.compile(r"^[\w' .]+, (\d+),"),
)
_BORN = re.compile(r"\bborn (?:\w+ ){0,4}?in (\d{4})\b")
_WORK = r"(?:experience|practice|service|(?:at|on|in|with) (?:the |this |his |her |their )?(?:\w+ ){0,2}?(?:job|industry|field|trade|profession|business|firm|company|wards?|force|sector|bench|classroom|office))"
_EXPERIENCE = re.compile(
    rf"(?:(over|more than|almost|nearly|about|around|some|at least) )?(?:(a quarter of a century|half a century)|({_NUMBER})\+? (years?|decades?))'?(?: of)? (?:\w+ ){{0,5}}?{_WORK}\b"
)
_FOR_YEARS = re.compile(
    rf"\b(?:worked|been (?:\w+ )?(?:work|teach|nurs|practi|driv|manag|lead|runn|sell|programm|cod|design|build|farm|cook)\w*)(?: \w+){{0,4}}? for (?:(over|more than|almost|nearly|about|at least) )?(?:(a quarter of a century|half a century)|({_NUMBER})\+? (years|decades))"
)
_AGO = re.compile(
    rf"\b(?:started|began|joined|hired|qualified|became a|graduated|opened|founded)\b(?: \S+){{0,6}}? ({_NUMBER}) (years|decades) ago"
)
_SINCE = re.compile(
    r"\b(?:work\w*|teach\w*|been (?:a|an|the|with|at|in)|nurs\w*|practi\w*|driv\w*|manag\w*|started|joined|hired|employed|runs?|led|leading|graduated)(?: \S+){0,6}? (?:since|in) ((?:19|20)\d\d)\b"
)
_YEARS_FIELD = re.compile(r"experience|tenure|seniority|years_(?:in|on|at|as)|years_of")
_DIGIT = re.compile(r"\d")
_TIME = frozenset("yea dec cen age old tur bor".split())
"""Beginnings of words without which no sentence tells a time, unless it holds a figure."""
_CENTURIES = {"a quarter of a century": 25, "half a century": 50}


@dataclass(frozen=True, slots=True)
class Span:
    """A range of years that a statement gives, both ends included."""

    low: float
    high: float
    words: str
    statement: Statement
    speakers: frozenset[str] = frozenset()


def ages(statements: Sequence[Statement]) -> list[Span]:
    """How old the persona is, wherever it says so."""
    return [span for statement in statements if not statement.quote for span in _ages_in(statement)]


def experience(statements: Sequence[Statement]) -> list[Span]:
    """Years at work, wherever the persona says so; the low end is what it has at least."""
    return [span for statement in statements for span in _years_in(statement)]


def impossible(found: Sequence[Span]) -> Iterator[Span]:
    """Ages that nobody has."""
    yield from (span for span in found if span.low > OLDEST or span.high < 0)


def age_clashes(found: Sequence[Span], worked: Sequence[Span], facts: Sequence[Fact]) -> Iterator[Clash]:
    """What cannot be at the age: so many years at work, or what `ages` of a row of facts excludes."""
    within = {row.name: row.ages for row in rows()}
    for age in found:
        if age.low > OLDEST or age.high < 0:
            continue
        for years in worked:
            if _apart(age.statement, years.statement) and years.low > age.high - FIRST_WORK:
                yield _clash("age against experience", age, years.words, years.statement, years.speakers)
        for fact in facts:
            youngest, oldest = within[fact.name]
            outside = age.high < youngest or age.low > oldest
            if outside and _apart(age.statement, fact.statement):
                yield _clash("age against situation", age, fact.words, fact.statement, fact.speakers)
        yield from (
            _clash("two ages", age, other.words, other.statement, other.speakers)
            for other in found
            if other.low > age.high + 1 and other.statement.path != age.statement.path
        )


def _apart(one: Statement, other: Statement) -> bool:
    """Whether what the two say can be held against each other: a field says one thing, a claim may explain itself."""
    return one.path != other.path or one.path in PROSE


def _clash(kind: str, age: Span, words: str, statement: Statement, speakers: frozenset[str]) -> Clash:
    return Clash(
        kind=kind,
        first=age.statement,
        second=statement,
        words=(age.words, words),
        why="nobody of that age can have or be that" if kind != "two ages" else "a persona has one age",
        points=_POINTS,
        differing=differ(age.speakers, speakers),
        attested=bool(age.speakers or speakers),
    )


def number(text: str) -> int | None:
    """Read a number in figures or, up to 99, in words."""
    if text.isdecimal():
        return int(text)
    parts = re.split(r"[- ]", text)
    if all(part in _NUMBERS or part in _TENS for part in parts):
        return sum(_TENS.get(part) or _NUMBERS.index(part) for part in parts)
    return None


def _of_time(statement: Statement) -> bool:
    return bool(statement.starts & _TIME) or _DIGIT.search(statement.text) is not None


def _ages_in(statement: Statement) -> Iterator[Span]:
    if statement.field:
        yield from _age_of_field(statement)
    elif _of_time(statement):
        yield from _ages_told(statement)


def _ages_told(statement: Statement) -> Iterator[Span]:
    for told in _TOLD:
        match = told.search(statement.text)
        if match is None or not of_the_persona(statement, match, presupposed=True):
            continue
        years = number(match[1])
        if years is not None and (told is not _TOLD[2] or statement.path in ("title", "summary")):
            yield Span(years, years, match.group().strip(), statement, _speakers(told, statement))
    match = _BORN.search(statement.text)
    if match and of_the_persona(statement, match, presupposed=True, past=True):
        yield Span(THIS_YEAR - int(match[1]) - 1, THIS_YEAR - int(match[1]) + 1, match.group(), statement)


def _age_of_field(statement: Statement) -> Iterator[Span]:
    text = statement.text
    if _BORN_FIELD.search(statement.field):
        year = re.search(r"\b(1[0-9]\d\d|20\d\d)\b", text)
        if year and "place" not in statement.field:
            yield Span(THIS_YEAR - int(year[1]) - 1, THIS_YEAR - int(year[1]) + 1, text, statement)
    elif _FIELD.match(statement.field):
        low, high = _range(text)
        if low is not None:
            yield Span(low, high, text, statement)


def _range(text: str) -> tuple[float | None, float]:
    decade = _DECADE.search(text)
    if decade and (start := _DECADES.get(decade[2]) or number(decade[2].rstrip("'s"))):
        early = (decade[1] or "").strip(" -")
        parts = {"early": (0, 4), "mid": (3, 7), "late": (6, 9)}.get(early, (0, 9))
        return start + parts[0], start + parts[1]
    if under := re.match(r"(?:under|below|younger than|<) ?(\d+)", text):
        return 0, int(under[1])
    if over := re.match(r"(?:over|above|older than|from|>|>=) ?(\d+)", text):
        return int(over[1]), math.inf
    match = _RANGE.match(text)
    if match is None:
        return number(text.removesuffix(" years old")), float(number(text.removesuffix(" years old")) or 0)
    low = int(match[1])
    if 1900 <= low <= THIS_YEAR + 1:
        return THIS_YEAR - low - 1, THIS_YEAR - low + 1
    return low, math.inf if match[3] or "older" in text or "over" in text else int(match[2] or low)


def _years_in(statement: Statement) -> Iterator[Span]:
    text = statement.text
    if statement.field:
        figure = re.match(rf"(?:over |more than )?({_NUMBER})(?:-\d+)?\+?(?: years| yrs|$)", text)
        if _YEARS_FIELD.search(statement.field) and figure and (years := number(figure[1])):
            yield Span(years, math.inf, text, statement)
            return
    if not _of_time(statement):
        return
    for told in (_EXPERIENCE, _FOR_YEARS, _AGO, _SINCE):
        match = told.search(text)
        if match and of_the_persona(statement, match, past=True, presupposed=told is _EXPERIENCE):
            yield Span(
                _least(told, match), math.inf, match.group().strip(), statement, _speakers(told, statement)
            )
            return


def _least(told: re.Pattern[str], match: re.Match[str]) -> float:
    if told is _SINCE:
        return THIS_YEAR - int(match[1])
    if told is _AGO:
        return float(number(match[1]) or 0) * (10 if match[2].startswith("decade") else 1)
    if match[2]:
        return float(_CENTURIES[match[2]])
    return float(number(match[3]) or 0) * (10 if match[4].startswith("decade") else 1)


def _speakers(told: re.Pattern[str], statement: Statement) -> frozenset[str]:
    return frozenset(who for who, words in statement.said if told.search(words))
