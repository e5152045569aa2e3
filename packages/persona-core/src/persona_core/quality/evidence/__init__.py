"""Evidence: how well the claims of a persona rest on what participants said.

It is measured in the sources, or in a report on them, and never in what a persona says of itself: a declared tier,
confidence or support counts for nothing. 100 less what is lost:

- up to 70 for claims by their best citation: nothing where there is none, 1 where one of the persona's participants said
  the words, .9 where they were found nearly, .5 where nobody can tell who said them, down to .3 of that where they
  bear on the claim no more than any other passage of the study (`chance`);
- up to 50 for citations that are false: not found, of somebody else, of an interviewer, from a segment that does not
  exist. No claim gains by one more of them, and a claim that cites nothing keeps more than one that cites falsely;
- up to 18 for evidence from few of the persona's participants, from one of them mostly, or from one source of several.

More true evidence never costs points, nor does evidence against a claim. Where no quote at all is found, the overall
score is capped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from persona_core.quality.dimension import Deduction, Dimension, Given, Measure
from persona_core.quality.evidence import losing, spreading
from persona_core.quality.evidence.chance import LEAST, Chance
from persona_core.quality.evidence.citations import Cited, Fault, cited_claims, groups
from persona_core.quality.evidence.support import chance, support, wanted_texts

_MOST = 2000
"""Texts that vectors are wanted of, at most."""


def _measure(given: Given) -> Sequence[Measure]:
    if given.report is None:
        return [Measure(unscored="no sources were given") for _ in given.personas]
    by_chance = chance(given)
    return [_measured(claims, group, given, by_chance) for claims, group in _read(given)]


def _read(given: Given) -> Iterator[tuple[list[Cited], frozenset[str]]]:
    checked = given.report.personas if given.report else ()
    for persona, told, group in zip(given.personas, checked, groups(given), strict=True):
        yield cited_claims(persona, told, group, given), group


def _measured(claims: Sequence[Cited], group: frozenset[str], given: Given, by_chance: Chance) -> Measure:
    bearing = [support(claim, by_chance, given.corpus) for claim in claims]
    found = spreading.spread(claims)
    sources = spreading.sources_of(given.corpus, group) if given.corpus is not None else 0
    lost = [
        each
        for claim, sure in zip(claims, bearing, strict=True)
        for each in losing.deductions(claim, sure, len(claims))
    ]
    if _nothing_stands(claims):
        lost.append(_nothing(claims))
    else:
        lost += spreading.deductions(found, group, len(claims), sources)
    return Measure(
        deductions=tuple(each for each in lost if each.points > 0),
        details={
            **_figures(claims, bearing),
            "participants_quoted": len(found.quoted),
            "participants": len(group),
            "claims_resting_on_one_participant": found.alone,
            "sources_quoted": len(found.sources),
            "support_measured": _how(given, by_chance),
        },
    )


def _nothing_stands(claims: Sequence[Cited]) -> bool:
    return not any(each.found or each.unattributed for claim in claims for each in claim.citations)


def _nothing(claims: Sequence[Cited]) -> Deduction:
    citations = [each for claim in claims for each in claim.citations]
    message = f"none of its quotes ({len(citations)}) was found in the sources"
    if any(each.fault in {Fault.wrong_participant, Fault.not_a_participant} for each in citations):
        message += " as words of the participant cited"
    if not citations:
        message = "nothing of it rests on the sources: no claim has a quote"
    points = spreading.BREADTH + spreading.DIVERSITY + (0 if claims else losing.UNPROVEN)
    return Deduction("", message, points, caps=True)


def _figures(claims: Sequence[Cited], bearing: Sequence[Sequence[float]]) -> dict[str, Any]:
    citations = [each for claim in claims for each in claim.citations]
    tiers = Counter(each.checked.tier.value for each in citations)
    faults = Counter(each.fault.value for each in citations if each.fault is not None)
    proven = [
        counting
        for claim, sure in zip(claims, bearing, strict=True)
        if (counting := [s for s, each in zip(sure, claim.citations, strict=True) if each.counts])
    ]
    return {
        "claims": len(claims),
        "claims_with_a_found_quote": len(proven),
        "support": round(sum(map(max, proven)) / len(proven), 3) if proven else None,
        "tiers": dict(sorted(tiers.items())),
        "faults": dict(sorted(faults.items())),
        "counter_evidence": sum(each.found for claim in claims for each in claim.against),
    }


def _how(given: Given, by_chance: Chance) -> str:
    if not by_chance.tells:
        return f"not measured: fewer than {LEAST} passages to tell chance from"
    against = (
        "the sources"
        if given.corpus is not None
        else "the quotes that were found, for the sources are not at hand"
    )
    return f"against {len(by_chance.sample)} passages of {against}" + (
        ", with meaning" if given.vectors else ""
    )


def _texts(given: Given) -> Iterable[str]:
    """The sample, then claims and the passages they cite; 2,000 at most."""
    if given.report is None:
        return ()
    claims = [claim for of_persona, _ in _read(given) for claim in of_persona]
    return tuple(dict.fromkeys(wanted_texts(claims, chance(given), given.corpus)))[:_MOST]


DIMENSION = Dimension(name="evidence", version="1", measure=_measure, texts=_texts)
