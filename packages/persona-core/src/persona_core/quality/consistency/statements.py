"""What a persona says of itself, cut into sentences with the place of each and whose words they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from persona_core.models.persona import PROSE, Claim, Persona, Tier
from persona_core.models.report import CheckedPersona
from persona_core.quality.consistency.phrases import listed
from persona_core.quality.consistency.triggers import Starts, starts
from persona_core.quality.lexicons import plain
from persona_core.text import sentence_spans

_ASPIRING = ("goals", "needs", "motivations")
_FIRST = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|mine|myself)\b")
_STATED = re.compile(r"(?:i|i'm|i've|he|she|they|we|is|are|am|has|does|\w+[^s\W]s)\b")


@dataclass(frozen=True)
class Statement:
    """One sentence, or one field of the demographics."""

    path: str
    text: str
    """The sentence, plain."""
    field: str = ""
    """The key, in demographics."""
    quote: bool = False
    """Whether it is given as somebody's own words."""
    said: tuple[tuple[str, str], ...] = ()
    """Participants who are on record for the claim, each with their words, plain."""

    @cached_property
    def starts(self) -> Starts:
        """The beginnings of its words."""
        return starts(self.text)

    @property
    def first_person(self) -> bool:
        """Whether `she` is somebody else in it."""
        return self.quote or _FIRST.search(self.text) is not None

    @property
    def aspires(self) -> bool:
        """Whether it is wished for, not so: a goal that states nothing."""
        return self.path.startswith(_ASPIRING) and _STATED.match(self.text) is None


def statements(persona: Persona, checked: CheckedPersona | None = None) -> list[Statement]:
    """Cut a persona into statements, in reading order; prose that only repeats a claim is left out."""
    own = list(_of_claims(persona, checked))
    known = {each.text.rstrip(".!? ") for each in own}
    prose = zip(PROSE, (persona.title, persona.summary, persona.scenario or ""), strict=True)
    told = [each for path, text in prose for each in _sentences(path, text)]
    return [
        *_of_demographics("demographics", persona.demographics),
        *(each for each in told if each.text.rstrip(".!? ") not in known),
        *own,
    ]


def _of_demographics(path: str, given: Mapping[str, Any]) -> Iterator[Statement]:
    for key, value in given.items():
        place = f"{path}.{key}"
        if isinstance(value, Mapping):
            yield from _of_demographics(place, value)
            continue
        text = plain(", ".join(map(_said, value)) if isinstance(value, list | tuple) else _said(value))
        if text and not listed("mixed").search(text):
            yield Statement(path=place, text=text, field=_key(key))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _key(key: str) -> str:
    """`maritalStatus`, `marital-status` and `Marital status` are one key."""
    return "_".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower()))


def _of_claims(persona: Persona, checked: CheckedPersona | None) -> Iterator[Statement]:
    missing = _missing(checked)
    for path, claim in persona.claims():
        said = _on_record(claim, missing.get(path, frozenset()))
        yield from _sentences(path, claim.text, quote=path.startswith(("quotes", "headline")), said=said)


def _sentences(
    path: str, text: str, *, quote: bool = False, said: tuple[tuple[str, str], ...] = ()
) -> Iterator[Statement]:
    for start, end in sentence_spans(text):
        yield Statement(path=path, text=plain(text[start:end]), quote=quote, said=said)


def _missing(checked: CheckedPersona | None) -> dict[str, frozenset[str]]:
    """Quotes that were looked for and not found, by the claim's path."""
    return {
        claim.path: frozenset(each.quote for each in claim.evidence if each.tier is Tier.missing)
        for claim in (checked.claims if checked else ())
    }


def _on_record(claim: Claim, missing: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.participant, plain(each.quote))
        for each in claim.evidence
        if each.participant and each.quote not in missing
    )
