"""What auditing says of a text that is about to leave."""

from __future__ import annotations

from typing import Literal

from persona_core.models.noun import Noun

FindingKind = Literal["verbatim", "paraphrase", "identifier", "quasi_identifier"]
Severity = Literal["low", "medium", "high"]


class AuditFinding(Noun):
    """A span of outgoing text that should not be there, and what it matches; quotes neither."""

    kind: FindingKind
    """Words, a retelling, somebody named, or somebody who can be told."""
    severity: Severity
    """`high` refuses whatever the threshold."""
    start: int
    """Half-open code-point offsets into the text that was audited."""
    end: int
    """Where it ends: the offset behind its last code point."""
    similarity: float
    """0–1."""
    segment: str | None = None
    """Id of the segment that it matches, where it matches one."""
    message: str
    """What it is and what to do; without the words."""


class Audit(Noun):
    """A text compared with the whole corpus."""

    schema_version: Literal["1"] = "1"
    passed: bool
    """Whether the text may leave."""
    leakage: float
    """Share of the sentences with a finding, weighted by severity, 0–1."""
    threshold: float
    """The most leakage that passes, 0–1."""
    corpus_checked: bool
    """Whether the sources were compared, and not only the persona's own quotes."""
    embedder: str | None = None
    """Who looked for re-expressions; nothing where nobody did."""
    sentences: int = 0
    """How many the text has."""
    findings: tuple[AuditFinding, ...] = ()
    """In the order of the text."""
    refused_for: tuple[str, ...] = ()
    """Why it did not pass, one sentence each."""
