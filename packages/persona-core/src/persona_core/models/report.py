"""What checking says: the evidence report."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from persona_core.models.corpus import Locator
from persona_core.models.notice import Notice
from persona_core.models.noun import Noun
from persona_core.models.persona import Tier


class Finding(StrEnum):
    """What is wrong, or worth knowing, about where a quote was found."""

    wrong_participant = "wrong_participant"
    not_a_participant = "not_a_participant"
    unattributed = "unattributed"
    other_segment = "other_segment"
    unknown_segment = "unknown_segment"
    no_consent = "no_consent"

    @property
    def words(self) -> str:
        """The finding in words for people."""
        return {
            "wrong_participant": "said by another participant than the one cited",
            "not_a_participant": "said by an interviewer, or a question's own wording: no participant's words",
            "unattributed": "nobody can tell who said it",
            "other_segment": "found in another segment of the same participant",
            "unknown_segment": "the cited segment does not exist",
            "no_consent": "by a participant who did not allow to be quoted",
        }[self]

    @property
    def of_somebody_else(self) -> bool:
        """Whether others said it than a claim may cite."""
        return self in {Finding.wrong_participant, Finding.not_a_participant}


class CheckedEvidence(Noun):
    """One quote and where it was found."""

    quote: str
    """As it stands in the claim, or `sha256:…` of it."""
    tier: Tier
    """How it was found as a participant's words; `missing` also where only someone else said it."""
    similarity: float = 0.0
    """0–1."""
    segment: str | None = None
    """Where it was found; where it was not, what was cited."""
    participant: str | None = None
    """Who said it."""
    locator: Locator | None = None
    """Where it was found."""
    finding: Finding | None = None
    """What is wrong, or worth knowing."""

    @property
    def is_wrong(self) -> bool:
        """Whether it is not what the participant cited said: not found, or somebody else's words."""
        others = {Finding.wrong_participant, Finding.not_a_participant}
        return self.tier is Tier.missing or self.finding in others


class CheckedClaim(Noun):
    """A claim with its quotes, each looked up."""

    path: str
    """`headline`, `goals[0]`, …; with `.against` for counter-evidence."""
    text: str
    """As it stands in the persona, or `sha256:…` of it."""
    evidence: tuple[CheckedEvidence, ...] = ()
    """Its quotes, in the order they stand there."""


class CheckedPersona(Noun):
    """A persona's claims, each looked up."""

    id: str
    """As the personas file has it."""
    name: str = ""
    claims: tuple[CheckedClaim, ...] = ()
    """Every one, and what speaks against it, in the order of the persona."""

    def by_path(self) -> dict[str, tuple[CheckedEvidence, ...]]:
        """Give the quotes of each claim by its path."""
        return {claim.path: claim.evidence for claim in self.claims}


class TierCounts(Noun):
    """How many quotes were found how. `wrong_participant` also counts what interviewers said, and is in no other count."""

    exact: int = 0
    """Word for word."""
    normalised: int = 0
    """Word for word, but for punctuation and case."""
    near: int = 0
    """Nearly."""
    missing: int = 0
    """Not found."""
    wrong_participant: int = 0
    """Said by somebody else than the one cited."""

    @property
    def total(self) -> int:
        """All quotes."""
        return self.exact + self.normalised + self.near + self.missing + self.wrong_participant


class EvidenceReport(Noun):
    """Every quote of a set of personas, looked up in the corpus."""

    schema_version: Literal["1"] = "1"
    corpus: str | None = None
    """Digest of the corpus that was searched."""
    counts: TierCounts = TierCounts()
    """All quotes, by how they were found."""
    claims_without_evidence: int = 0
    """Claims that cite nothing."""
    warnings: tuple[Notice, ...] = ()
    """What the personas rest on too little, and whom they leave out."""
    personas: tuple[CheckedPersona, ...] = ()
