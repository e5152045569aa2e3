"""Demographics that cannot be: ages nobody reaches, places of stories, less than nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from persona_core.models.persona import Persona
from persona_core.quality.dimension import Deduction
from persona_core.quality.lexicons import plain, sequence, within, word_set
from persona_core.quality.substance import is_blank_value
from persona_core.text import words

OLDEST = 125
"""Years; Jeanne Calment reached 122."""
IMPOSSIBLE, NO_AGE, NEGATIVE = 40.0, 20.0, 15.0
"""Points for what cannot be, for an age that is none, and for an amount below nothing."""
_NUMBER = re.compile(r"(?<![\d\w.,])([-−]\s?)?(\d+(?:[.,]\d+)*)")
_BORN = 1900
"""An “age” from here on is a year of birth."""
_OLD = re.compile(
    r"(?:^(?:an? |the )?|\b(?:an? |the ))(\d{3,}|-\d+)[- ]years?[- ]old (?=(?:man|woman|person|nurse|teacher|retire|grand|worker|student|single|married|\w+er\b|\w+ist\b|\w+or\b))"
    r"|\b(?:i am|i'm|he is|he's|she is|she's|they are|they're) (?:now )?(\d{3,}|-\d+) years? old\b"
    r"|\b(?:aged|at the age of) (\d{3,}|-\d+)\b"
)
_LIVES = r"\b(?:lives?|living|resid(?:es?|ing)|based|born|raised|grew up|comes?|is|hails?|lived|moved) (?:alone |with \w+ \w+ )?(?:in|from|to|near) (?:the )?(?:(?:sunken |lost )?(?:city|kingdom|land) of )?"


def deductions(persona: Persona) -> Iterator[Deduction]:
    """What demographics lose that cannot be, and texts that say so."""
    for key, value in sorted(persona.demographics.items()):
        yield from _value(f"demographics.{key}", _bare(key), value)
    texts = [(path, claim.text) for path, claim in persona.claims() if not path.startswith("quotes")]
    texts += [(field, getattr(persona, field) or "") for field in ("title", "summary", "scenario")]
    for path, text in texts:
        yield from _text(path, plain(text))


def _bare(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[\s-]+", "_", key.strip()).lower()


def _value(path: str, key: str, value: object) -> Iterator[Deduction]:
    if isinstance(value, dict):
        for inner, each in sorted(value.items(), key=lambda pair: str(pair[0])):
            yield from _value(f"{path}.{inner}", _bare(str(inner)), each)
        return
    shown = ", ".join(str(each) for each in sequence(value) if not isinstance(each, bool))
    if key in word_set("impossible", "age_keys"):
        yield from _age(path, shown)
    elif key in word_set("impossible", "place_keys") and (place := _fiction(plain(shown))):
        yield _nowhere(path, place)
    elif key in word_set("impossible", "amount_keys") and _is_negative(shown):
        yield Deduction(path, f"“{shown}” is less than nothing: put it right", NEGATIVE)


def _age(path: str, shown: str) -> Iterator[Deduction]:
    found = [(bool(sign), float(re.sub(r"[.,].*", "", digits))) for sign, digits in _NUMBER.findall(shown)]
    wrong = [f"−{age:g}" if negative else f"{age:g}" for negative, age in found if negative or _too_old(age)]
    if wrong:
        yield Deduction(path, f"nobody is {wrong[0]} years old: put the age right", IMPOSSIBLE, caps=True)
    elif not found and not is_blank_value(shown) and not _may_be_age(shown):
        yield Deduction(path, f"“{shown}” is no age: put it right or leave it out", NO_AGE)


def _too_old(age: float) -> bool:
    return age > OLDEST and not _BORN <= age <= 2100


def _may_be_age(shown: str) -> bool:
    """Whether words without a figure may say an age: a known word is among them, or they are in another script."""
    if not shown.isascii() or any(char.isdecimal() for char in shown):
        return True
    known = word_set("impossible", "age_words")
    return any(
        part in known or part.endswith("something")
        for word in words(plain(shown))
        for part in (word, *word.split("-"))
    )


def _is_negative(shown: str) -> bool:
    """Whether it is one figure with a minus before it; a dash before a range is a bullet."""
    return re.fullmatch(r"\s*[-−]\s?[$€£]?\s?\d[\d.,\s]*[^\d]*", shown) is not None


def _fiction(plainly: str) -> str | None:
    """The place of a story that is named; None where a real one beside it says that it is another."""
    found = within("impossible", "places").search(plainly)
    return found.group() if found and not within("impossible", "real").search(plainly) else None


@lru_cache(maxsize=1)
def _lives_nowhere() -> re.Pattern[str]:
    return re.compile(_LIVES + within("impossible", "places").pattern)


def _nowhere(path: str, place: str) -> Deduction:
    return Deduction(
        path, f"nobody lives in {place.title()}: name a place that exists", IMPOSSIBLE, caps=True
    )


def _text(path: str, plainly: str) -> Iterator[Deduction]:
    for match in _OLD.finditer(plainly):
        age = next(filter(None, match.groups()))
        if age.startswith("-") or _too_old(float(age)):
            yield Deduction(path, f"nobody is {age} years old: put the age right", IMPOSSIBLE, caps=True)
            return
    place = _fiction(plainly)
    if place and _lives_nowhere().search(plainly):
        yield _nowhere(path, place)
