"""Consistency: whether a persona contradicts itself. Reads the persona alone, no sources.

Facts are read out of demographics, prose and claims, and rules say which cannot both be true of one person; claims are
compared with each other and with quotes for opposites and repetitions. Rules and words stand in `data/`, each row with
examples, so that an expert of a field can add one. What different participants say is counter-evidence, not a
contradiction: it costs a few points at most. Being rare or unusual costs nothing. An age that nobody reaches and a place
that does not exist cost 60, and cap the overall score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from persona_core.models.persona import Persona
from persona_core.models.report import CheckedPersona
from persona_core.quality.consistency.ages import age_clashes, ages, experience, impossible
from persona_core.quality.consistency.duplicates import NEAR, SAME, duplicates
from persona_core.quality.consistency.facts import facts
from persona_core.quality.consistency.homes import home_clashes
from persona_core.quality.consistency.opposites import opposites
from persona_core.quality.consistency.places import imaginary
from persona_core.quality.consistency.rules import Clash, clashes
from persona_core.quality.consistency.statements import Statement, statements
from persona_core.quality.dimension import Deduction, Dimension, Given, Measure

_IMPOSSIBLE = 60.0
_SOFT = 3.0
"""Points for what different participants of a group see differently, whatever it is."""
_SOFT_AT_MOST = 4.0
"""Points for all of that together."""
_SHOWN = 90
"""Characters of a claim in a message, at most."""


def _measure(given: Given) -> Sequence[Measure]:
    checked = given.report.personas if given.report else (None,) * len(given.personas)
    return [_one(persona, of) for persona, of in zip(given.personas, checked, strict=True)]


def _one(persona: Persona, checked: CheckedPersona | None) -> Measure:
    told = statements(persona, checked)
    found = (*_cannot_be(told), *_contradictions(persona, told), *_repeated(persona))
    enough = persona.demographics or sum(1 for _ in persona.claims()) > 1
    if not enough and not found:
        return Measure(unscored="nothing to compare: no demographics and fewer than two claims")
    return Measure(deductions=found)


def _cannot_be(told: Sequence[Statement]) -> Iterator[Deduction]:
    places = {
        each.path: f"{_named(each, place)} does not exist; give a real place, or none"
        for each, place in imaginary(told)
    }
    years = {
        span.statement.path: f"{_named(span.statement, span.words)} is no possible age; correct it"
        for span in impossible(ages(told))
    }
    for path, message in sorted({**places, **years}.items()):
        yield Deduction(path, message, _IMPOSSIBLE, caps=True)


def _contradictions(persona: Persona, told: Sequence[Statement]) -> Iterator[Deduction]:
    """One deduction a kind, for its worst clash; what participants differ in is softened."""
    read = facts(told)
    whole = " \n ".join(each.text for each in told)
    found = [
        *clashes(read, whole),
        *age_clashes(ages(told), experience(told), read),
        *home_clashes(told),
        *opposites(told),
    ]
    group = len(persona.participants) > 1 or (
        persona.support is not None and persona.support.participants > 1
    )
    hard = [each for each in found if not _softened(each, group)]
    soft = [each for each in found if _softened(each, group)]
    for clash in _first_of_kind(hard):
        yield _deduction(clash, clash.points)
    kinds = {each.kind for each in hard}
    left = _SOFT_AT_MOST
    for clash in _first_of_kind(each for each in soft if each.kind not in kinds):
        if left > 0:
            yield _deduction(clash, min(_SOFT, left), soft=True)
            left -= _SOFT


def _softened(clash: Clash, group: bool) -> bool:
    """Whether it is participants who differ, not the persona with itself."""
    of_all = any(each.field for each in (clash.first, clash.second))
    return clash.differing or (group and of_all and clash.attested)


def _first_of_kind(found: Iterable[Clash]) -> list[Clash]:
    kinds: dict[str, Clash] = {}
    for clash in sorted(found, key=lambda each: (-each.points, each.words, each.first.path)):
        kinds.setdefault(clash.kind, clash)
    return list(kinds.values())


def _deduction(clash: Clash, points: float, *, soft: bool = False) -> Deduction:
    (first, here), (second, there) = sorted(
        zip((clash.first, clash.second), clash.words, strict=True), key=lambda each: not each[0].field
    )
    advice = "participants differ: show it as counter-evidence" if soft else "keep one, or say how both hold"
    message = f"{_named(first, here)} against {second.path}: “{_short(second.text)}”: {clash.why}; {advice}"
    return Deduction(second.path or there, message, points)


def _named(statement: Statement, words: str) -> str:
    return f"“{_short(words)}” in {statement.path}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def _repeated(persona: Persona) -> Iterator[Deduction]:
    for each in duplicates(persona):
        how = {SAME: "the same", NEAR: "nearly the same"}[each.points]
        message = f"“{_short(each.text)}” says {how} as {each.of}; keep one of them"
        yield Deduction(each.path, message, each.points)


DIMENSION = Dimension(name="consistency", version="1", measure=_measure)
