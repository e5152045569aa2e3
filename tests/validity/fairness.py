"""Rare and common traits on the same persona, and the persona that nobody could be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from persona_core.loading import load
from persona_core.models.persona import Claim, Evidence
from persona_core.models.scorecard import PersonaScore
from validity.cases import OWN, Case, wordings, written_case
from validity.corrupt_quotes import invented
from validity.measuring import judged
from validity.variants import with_claims, with_wording


def trait_gaps(cases: Iterable[Case], of: int | None = None) -> dict[str, float]:
    """For each trait the greatest difference, in points, overall or in any dimension, to the same persona with the common one.

    With `of` the first so many personas of each case are looked at.
    """
    gaps: dict[str, float] = {}
    for case in cases:
        for each in wordings("traits"):
            pairs = spoken(case, each) if "says" in each else added(case, each, of)
            for rare, common in pairs:
                gaps[each["trait"]] = max(gaps.get(each["trait"], 0.0), gap(rare, common))
    return gaps


def gap(one: PersonaScore, other: PersonaScore) -> float:
    """The greatest difference between two scores, overall or in any dimension."""
    pairs = [(one.overall, other.overall)]
    pairs += [(one.dimensions[name].value, other.dimensions[name].value) for name in one.dimensions]
    return max(abs((a or 0.0) - (b or 0.0)) if (a is None) == (b is None) else 100.0 for a, b in pairs)


def added(
    case: Case, trait: Mapping[str, Any], of: int | None = None
) -> Iterator[tuple[PersonaScore, PersonaScore]]:
    """Each persona of a case with the rare trait, and with the common one."""
    for at, persona in enumerate(case.personas.personas[:of]):
        rare, common = (
            judged(case.with_persona(at, with_wording(persona, trait[side])), case).personas[at]
            for side in ("rare", "common")
        )
        yield rare, common


def spoken(case: Case, trait: Mapping[str, Any]) -> Iterator[tuple[PersonaScore, PersonaScore]]:
    """The persona over the study as it is, and over a study in which its people spoke otherwise."""
    if (case.study, case.maker) == (trait["study"], "written"):
        otherwise = retold(case, trait["says"])
        at = next(i for i, each in enumerate(case.personas.personas) if each.name == trait["persona"])
        yield judged(otherwise.personas, otherwise).personas[at], judged(case.personas, case).personas[at]


def retold(case: Case, says: Mapping[str, str]) -> Case:
    """A case in which some lines were said in another way, and are quoted so."""

    def change(_: str, claim: Claim) -> Claim:
        return claim.model_copy(update={"evidence": tuple(_requoted(e, says) for e in claim.evidence)})

    personas = tuple(with_claims(each, change) for each in case.personas.personas)
    quoted = case.personas.model_copy(update={"personas": personas})
    return Case(case.study, case.maker, load(_retold(case.study, says)), quoted)


def _requoted(evidence: Evidence, says: Mapping[str, str]) -> Evidence:
    return evidence.model_copy(update={"quote": says.get(evidence.quote, evidence.quote)})


def _retold(study: str, says: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """A study's sources with some lines said in another way."""
    sources = []
    for path in sorted(OWN[study].rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        for line, otherwise in says.items():
            text = text.replace(line, _in_table(otherwise) if path.suffix == ".csv" else otherwise)
        sources.append((path.relative_to(OWN[study]).as_posix(), text.encode()))
    return sources


def _in_table(line: str) -> str:
    return line.replace('"', '""')


def absurd(case: Case, at: int) -> PersonaScore:
    """The persona at a place as nobody could be: 214 years old, in Atlantis, with invented quotes."""
    said = next(iter(invented(case, at)))
    persona = with_wording(said.personas.personas[at], {"demographics": {"age": 214, "location": "Atlantis"}})
    return judged(case.with_persona(at, persona), case).personas[at]


def absurd_and_plausible(cases: Iterable[Case]) -> list[tuple[PersonaScore, PersonaScore]]:
    """Every persona as nobody could be, and as it is."""
    return [
        (absurd(case, at), plausible)
        for case in cases
        for at, plausible in enumerate(judged(case.personas, case).personas)
    ]


def written_cases() -> list[Case]:
    """The personas as assistants write them, of all own studies."""
    return [written_case(study, load(folder)) for study, folder in OWN.items()]
