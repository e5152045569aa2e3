"""Evidence reports away from the sources: without anybody's words, and held against the personas they are of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from persona_core.errors import CorpusMismatchError
from persona_core.models.persona import Persona, PersonaSet, Tier
from persona_core.models.report import CheckedClaim, CheckedEvidence, CheckedPersona, EvidenceReport, Finding
from persona_core.text import OwnWords


def quote_hash(quote: str) -> str:
    """What stands for a quote in a report that holds nobody's words: `sha256:…` of its UTF-8."""
    return "sha256:" + hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()


def hashed(report: EvidenceReport) -> EvidenceReport:
    """The same report without anybody's words: hashes for quotes and claims, and no label of a speaker."""
    personas = tuple(
        persona.model_copy(update={"claims": tuple(map(_hashed_claim, persona.claims))})
        for persona in report.personas
    )
    return report.model_copy(update={"personas": personas})


def _hashed_claim(claim: CheckedClaim) -> CheckedClaim:
    evidence = tuple(
        each.model_copy(
            update={
                "quote": quote_hash(each.quote),
                "locator": each.locator and each.locator.model_copy(update={"speaker": None}),
            }
        )
        for each in claim.evidence
    )
    return claim.model_copy(update={"text": quote_hash(claim.text), "evidence": evidence})


def kept_back(claim: CheckedClaim, secret: OwnWords) -> CheckedClaim:
    """A claim with hashes in place of words that may be shown to nobody."""

    def shown(each: CheckedEvidence) -> bool:
        if each.finding is Finding.no_consent:
            return False
        return each.tier is not Tier.missing or not secret.repeated_in(each.quote)

    openly = [each.quote for each in claim.evidence if shown(each)]
    evidence = tuple(
        each if shown(each) else each.model_copy(update={"quote": quote_hash(each.quote)})
        for each in claim.evidence
    )
    text = quote_hash(claim.text) if secret.repeated_in(claim.text, openly) else claim.text
    return claim.model_copy(update={"text": text, "evidence": evidence})


def matching(report: EvidenceReport, personas: PersonaSet) -> EvidenceReport:
    """The part of a report that is of these personas, in their order.

    Raises CorpusMismatchError where a persona, a claim or a quote has changed since.
    """
    checked = {persona.id: persona for persona in report.personas}
    for persona in personas.personas:
        _check_report(persona, checked.get(persona.id))
    return report.model_copy(update={"personas": tuple(checked[each.id] for each in personas.personas)})


def _check_report(persona: Persona, checked: CheckedPersona | None) -> None:
    again = "run persona verify again"
    if checked is None:
        raise CorpusMismatchError(f"the evidence report does not know {persona.name} ({persona.id}): {again}")
    told = {claim.path: claim for claim in checked.claims}
    for path, claim in persona.claims():
        for place, quotes in ((path, claim.evidence), (f"{path}.against", claim.against)):
            if (known := told.pop(place, None)) is None and place != path:
                known = CheckedClaim(path=place, text=claim.text)
            if known is None or not _is_of(known, claim.text, [one.quote for one in quotes]):
                raise CorpusMismatchError(
                    f"the evidence report is older than {persona.name} ({persona.id}), {place}: {again}"
                )
    if told:
        raise CorpusMismatchError(
            f"the evidence report knows claims that {persona.name} ({persona.id}) has not: {again}"
        )


def _is_of(known: CheckedClaim, text: str, quotes: Sequence[str]) -> bool:
    """Whether a claim of a report, hashed or not, has this text and these quotes."""
    reported = (known.text, *(each.quote for each in known.evidence))
    given = (text, *quotes)
    return len(reported) == len(given) and all(
        told in {said, quote_hash(said)} for told, said in zip(reported, given, strict=True)
    )
