"""Demographics in bands and kinds, as coarse as it takes for enough participants to fit all of them together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from persona_core.auditing.combining import fitting
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona

_KINDS: Mapping[str, str] = {
    "works in health care": "nurse doctor physician surgeon carer caregiver paramedic midwife pharmacist therapist physiotherapist dentist clinician radiographer healthcare hospital psychologist",
    "works in education": "teacher tutor lecturer professor teaching educator instructor principal librarian",
    "is a student or in training": "student apprentice trainee pupil undergraduate intern graduate",
    "works in research": "researcher scientist postdoc biologist chemist physicist mathematician statistician",
    "works in software and technology": "developer programmer software engineer devops sysadmin tester architect technologist",
    "works in design or the arts": "designer artist illustrator photographer musician writer author actor editor filmmaker poet journalist",
    "works in an office": "clerk secretary administrator assistant receptionist accountant bookkeeper analyst consultant coordinator administrative",
    "works in sales or marketing": "sales salesperson marketer marketing retail cashier shop merchant advertising",
    "works in a skilled trade": "electrician plumber carpenter mechanic welder builder technician craftsman baker tailor hairdresser",
    "works in transport": "driver courier pilot conductor logistics postman delivery",
    "works in catering": "chef cook waiter waitress barista bartender catering",
    "manages people or a business": "manager director executive owner founder ceo supervisor entrepreneur",
    "works in law or finance": "lawyer attorney solicitor paralegal banker broker judge economist financial",
    "is retired": "retired pensioner",
    "is between jobs or at home": "unemployed homemaker housewife househusband",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_NEVER = re.compile(
    r"name|mail|phone|address|employer|company|organi[sz]ation|university|institution|school$|zip|postcode|postal|birth|url|website|\bid$|handle"
)
_AGE = re.compile(r"^age|_age$|^age_range$|alter")
_MONEY = re.compile(r"income|salary|wage|earn|revenue|budget")
_YEARS = re.compile(r"experience|tenure|years|seniority")
_WORK = re.compile(r"occupation|job|profession|role|work|position")
_BANDS = (10, 20, 30)
"""Widths of an age band in years, the narrowest first."""
_MONEY_BANDS = (0, 10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 250_000)
_YEAR_BANDS = (0, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Who:
    """What is released of the demographics, and what was left out or made coarser."""

    values: Mapping[str, str]
    withheld: tuple[str, ...]

    @property
    def summary(self) -> str:
        """In one line."""
        return ", ".join(_said(key, value) for key, value in self.values.items())


def coarsened(persona: Persona, corpus: Corpus | None, k: int) -> Who:
    """Band and coarsen a persona's demographics until at least `k` participants of the corpus fit all of them together.

    Without a corpus nobody can be counted: then bands of ages and kinds of work stay, where the persona says that it stands
    for `k` participants or more.
    """
    given = {str(key): str(value).strip() for key, value in persona.demographics.items() if _is_value(value)}
    choices = {key: _choices(key, value, counted=corpus is not None) for key, value in given.items()}
    if corpus is None:
        many = max(len(persona.participants), persona.support.participants if persona.support else 0) >= k
        kept = {key: values[0] for key, values in choices.items() if values} if many else {}
    else:
        kept = _fitting(corpus, {key: values for key, values in choices.items() if values}, k)
    changed = tuple(
        key
        for key, value in given.items()
        if kept.get(key) != value.replace("-", "–") and kept.get(key) != value
    )
    return Who(kept, changed)


def _fitting(corpus: Corpus, choices: Mapping[str, list[str]], k: int) -> dict[str, str]:
    """Add one value after another, the finest form of each with which the combination still fits `k`; else none of it."""
    kept: dict[str, str] = {}
    for key, values in choices.items():
        for value in values:
            people, telling = fitting(corpus, {**kept, key: value})
            if people >= k and (key in telling or _alone(corpus, key, value, k)):
                kept[key] = value
                break
    return kept


def _alone(corpus: Corpus, key: str, value: str, k: int) -> bool:
    """Whether `k` participants have a value that the audit's own count knows nothing of: everybody's, or a kind of work."""
    theirs = [
        str(each) for person in corpus.people for name, each in person.demographics.items() if name == key
    ]
    if value in _KINDS:
        return sum(_kind(each) == value for each in theirs) >= k
    return sum(each.strip().casefold() == value.casefold() for each in theirs) >= k or bool(
        _bounds(value) and theirs
    )


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


def _choices(key: str, value: str, *, counted: bool) -> list[str]:
    """Forms of a value, the finest that may be shown first."""
    name = key.lower()
    if _AGE.search(name):
        return _age_bands(value)
    if _NEVER.search(name):
        return []
    if _MONEY.search(name):
        return _band(value, _MONEY_BANDS)
    if _YEARS.search(name):
        return _band(value, _YEAR_BANDS)
    if _WORK.search(name):
        kind = _kind(value)
        plain = [value] if counted and len(value.split()) <= 3 and not re.search(r"\d", value) else []
        return plain + ([kind] if kind else [])
    return [value] if counted and len(value) <= 40 and not re.search(r"\d", value) else []


def _age_bands(value: str) -> list[str]:
    """Bands that hold an age or a range of ages, by tens; `25-34` stays as it is, as the data has it."""
    numbers = [int(number) for number in re.findall(r"\d{1,3}", value) if 5 <= int(number) <= 110]
    if not numbers:
        return []
    low, high = min(numbers), max(numbers)
    bands = [f"{low}–{high}"] if high - low >= 8 else []
    for width in _BANDS:
        start = low // width * width
        end = max(start + width, -(-(high + 1) // 10) * 10)
        bands.append(f"{start}–{end - 1}")
    return list(dict.fromkeys(bands))


def _band(value: str, bounds: tuple[int, ...]) -> list[str]:
    numbers = [
        float(number) * (1000 if thousand else 1)
        for number, thousand in re.findall(r"(\d+(?:\.\d+)?)\s*(k?)\b", value.lower().replace(",", ""))
    ]
    if not numbers:
        return []
    low = max(bound for bound in bounds if bound <= min(numbers))
    above = [bound for bound in bounds if bound > max(numbers)]
    return [f"{low:,} to {above[0]:,}" if above else f"{low:,} or more"]


def _bounds(value: str) -> list[str]:
    return re.findall(r"\d+", value)


def _kind(value: str) -> str:
    return next(
        (_KIND_OF[word] for word in reversed(re.findall(r"[a-z]+", value.lower())) if word in _KIND_OF), ""
    )


def _said(key: str, value: str) -> str:
    name = key.lower()
    if _AGE.search(name):
        return f"aged {value}"
    if value in _KINDS:
        return value
    if _MONEY.search(name):
        return f"income of {value}"
    if _YEARS.search(name) and value[:1].isdigit():
        return f"{value} years of experience"
    return f"{key.replace('_', ' ').lower()}: {value}"
