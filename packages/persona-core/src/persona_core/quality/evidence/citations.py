"""What a citation is worth: words that were found and whose they are, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from persona_core.models.persona import Claim, Evidence, Persona, Tier
from persona_core.models.report import CheckedEvidence, CheckedPersona, Finding
from persona_core.quality.dimension import Given

NEAR = 0.9
"""What a nearly found quote is worth of one found."""
UNATTRIBUTED = 0.5
"""What a quote is worth that stands in the sources and nobody can tell who said it."""


class Fault(StrEnum):
    """What is wrong with a citation."""

    missing = "missing"
    no_such_place = "no_such_place"
    wrong_participant = "wrong_participant"
    not_a_participant = "not_a_participant"
    outsider = "outsider"
    misplaced = "misplaced"
    other_segment = "other_segment"
    no_words = "no_words"


@dataclass(frozen=True, slots=True)
class Citation:
    """One piece of a claim's evidence, looked up."""

    evidence: Evidence
    checked: CheckedEvidence
    fault: Fault | None

    @property
    def found(self) -> bool:
        """Whether its words stand in the sources as a participant's, whoever that is."""
        return self.checked.tier is not Tier.missing

    @property
    def unattributed(self) -> bool:
        """Whether its words stand in the sources, and nobody can tell who said them."""
        return self.checked.finding is Finding.unattributed

    @property
    def counts(self) -> bool:
        """Whether it is evidence: words of one of the persona's participants."""
        return self.found and self.fault in {None, Fault.misplaced, Fault.other_segment}

    @property
    def worth(self) -> float:
        """What it is worth if it bears on the claim, 0–1."""
        if self.unattributed:
            return UNATTRIBUTED
        return (NEAR if self.checked.tier is Tier.near else 1.0) if self.counts else 0.0


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim with its citations, and those that speak against it."""

    path: str
    claim: Claim
    citations: tuple[Citation, ...]
    against: tuple[Citation, ...]


def cited_claims(
    persona: Persona, checked: CheckedPersona, group: frozenset[str], given: Given
) -> list[Cited]:
    """A persona's claims with what they cite; `group` are its participants, empty where nobody knows them."""
    told = checked.by_path()

    def looked_up(path: str, evidence: tuple[Evidence, ...]) -> Iterator[Citation]:
        for one, found in zip(evidence, told.get(path, ()), strict=False):
            yield Citation(one, found, _fault(one, found, group, given))

    return [
        Cited(
            path,
            claim,
            tuple(looked_up(path, claim.evidence)),
            tuple(looked_up(f"{path}.against", claim.against)),
        )
        for path, claim in persona.claims()
    ]


def groups(given: Given) -> list[frozenset[str]]:
    """The participants of each persona by the codes of the sources.

    Empty where the set has codes of its own, none of which the sources know: then nobody can tell who is meant.
    """
    codes = _codes(given)
    named = (code for persona in given.personas for code in _named(persona))
    if not any(_plain(code) in codes for code in named):
        return [frozenset() for _ in given.personas]
    return [
        frozenset(codes.get(_plain(each), each) for each in persona.participants)
        for persona in given.personas
    ]


def _named(persona: Persona) -> Iterator[str]:
    """Participants that a persona names, for its own or for those of a quote."""
    yield from persona.participants
    yield from (each.participant for each in persona.evidence() if each.participant)


def _codes(given: Given) -> dict[str, str]:
    """Codes by themselves and by what the data calls people; with a report alone, of all who are quoted."""
    if given.corpus is not None:
        labels = {_plain(person.label): person.code for person in reversed(given.corpus.people)}
        return labels | {_plain(person.code): person.code for person in given.corpus.people}
    checked = given.report.personas if given.report else ()
    said = (each for persona in checked for claim in persona.claims for each in claim.evidence)
    found = {each.participant for each in said if each.tier is not Tier.missing}
    return {_plain(code): code for code in found if code}


def _plain(code: str) -> str:
    return code.strip().casefold()


def _fault(evidence: Evidence, checked: CheckedEvidence, group: frozenset[str], given: Given) -> Fault | None:
    if checked.tier is Tier.missing:
        return _why_missing(evidence, checked)
    if group and checked.participant not in group:
        return Fault.outsider
    if _nowhere(evidence, given):
        return Fault.misplaced
    return Fault.other_segment if checked.finding is Finding.other_segment else None


def _nowhere(evidence: Evidence, given: Given) -> bool:
    """Whether a segment or a file is cited that the sources have not."""
    if given.corpus is None:
        return False
    if evidence.segment and evidence.segment.strip():
        return given.corpus.position(evidence.segment) is None
    file = str(evidence.extra.get("file", "")).replace("\\", "/").removeprefix("./")
    names = [source.name for source in given.corpus.sources]
    return bool(file) and not any(
        f"/{name}".endswith(f"/{file}") or f"/{file}".endswith(f"/{name}") for name in names
    )


def _why_missing(evidence: Evidence, checked: CheckedEvidence) -> Fault | None:
    match checked.finding:
        case Finding.unattributed:
            return None
        case Finding.wrong_participant:
            return Fault.wrong_participant
        case Finding.not_a_participant:
            return Fault.not_a_participant
        case Finding.unknown_segment:
            return Fault.no_such_place
    return Fault.missing if evidence.quote.strip() else Fault.no_words
