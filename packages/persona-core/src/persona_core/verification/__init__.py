"""Quotes against the corpus: where each stands, how it was found, and whether who is cited said it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from persona_core.consent import withheld
from persona_core.errors import CorpusMismatchError
from persona_core.limits import limits
from persona_core.models.corpus import Corpus, Source
from persona_core.models.persona import CorpusRef, Evidence, Persona, PersonaSet, SourceRef, Tier
from persona_core.models.report import (
    CheckedClaim,
    CheckedEvidence,
    CheckedPersona,
    EvidenceReport,
    TierCounts,
)
from persona_core.text import OwnWords
from persona_core.verification.finder import Finder
from persona_core.verification.reports import hashed, kept_back, matching, quote_hash

__all__ = ["Finder", "hashed", "matching", "quote_hash", "repaired", "require_corpus", "verify"]

_STRETCH = 300
"""Characters up to which what an ellipsis left out is put back."""


def verify(personas: PersonaSet, corpus: Corpus, *, any_corpus: bool = False) -> EvidenceReport:
    """Look every quote up in the corpus: in the cited segment first, then everywhere.

    With `any_corpus` the sources may be others than the personas were made from, and cited segments are
    hints only. In place of words that may be shown to nobody stands their hash. Raises CorpusMismatchError that
    names what differs.
    """
    if not any_corpus:
        require_corpus(
            personas.corpus, corpus, otherwise=", or look the quotes up in these with --any-corpus"
        )
    finder = Finder(corpus, any_corpus=any_corpus)
    believed = personas.corpus.digest == corpus.digest or _codes_are_shared(personas, finder)
    secret = withheld(corpus)
    checked = tuple(_check_persona(persona, finder, believed, secret) for persona in personas.personas)
    return EvidenceReport(
        corpus=corpus.digest,
        counts=_count(each for persona in checked for claim in persona.claims for each in claim.evidence),
        claims_without_evidence=sum(
            not claim.evidence for persona in personas.personas for _, claim in persona.claims()
        ),
        warnings=limits(personas),
        personas=checked,
    )


def repaired(evidence: Evidence, corpus: Corpus, *, finder: Finder | None = None) -> Evidence | None:
    """Replace a quote by the source's own words; None where the cited participant did not say them.

    `finder` is `Finder(corpus)`, worth keeping over many calls. What an ellipsis left out is put back
    where it is short; else the longest part stays.
    """
    checked = (finder or Finder(corpus)).check(evidence)
    if checked.found is None or checked.evidence.tier is Tier.missing:
        return None
    position, match = checked.found.position, checked.found.match
    text = corpus.columns.texts[position]
    start, end = _one_stretch(match.spans)
    return evidence.model_copy(
        update={
            "quote": text[start:end],
            "segment": corpus.segment_id(position),
            "tier": Tier.exact,
            "arrived_as": evidence.arrived_as or match.tier,
            "similarity": match.similarity,
            "participant": corpus.participant(position),
            "locator": corpus.locator(position, [(start, end)]),
        }
    )


def _one_stretch(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    start, end = spans[0][0], spans[-1][1]
    return (start, end) if end - start <= _STRETCH else max(spans, key=lambda span: span[1] - span[0])


def _check_persona(persona: Persona, finder: Finder, believed: bool, secret: OwnWords) -> CheckedPersona:
    beside = frozenset(persona.participants)

    def looked_up(evidence: Iterable[Evidence]) -> tuple[CheckedEvidence, ...]:
        return tuple(finder.check(each, beside, believed=believed).evidence for each in evidence)

    def claims() -> Iterator[CheckedClaim]:
        for path, claim in persona.claims():
            yield CheckedClaim(path=path, text=claim.text, evidence=looked_up(claim.evidence))
            if claim.against:
                yield CheckedClaim(path=f"{path}.against", text=claim.text, evidence=looked_up(claim.against))

    return CheckedPersona(
        id=persona.id, name=persona.name, claims=tuple(kept_back(claim, secret) for claim in claims())
    )


def _codes_are_shared(personas: PersonaSet, finder: Finder) -> bool:
    """Whether the corpus knows any cited participant: if not, another tool gave codes of its own."""
    cited = {each.participant for each in personas.cited()}
    return any(code and finder.resolve(code) for code in cited)


def _count(checked: Iterable[CheckedEvidence]) -> TierCounts:
    tally = Counter(
        "wrong_participant" if each.finding and each.finding.of_somebody_else else each.tier.value
        for each in checked
    )
    return TierCounts(**tally)


def require_corpus(made_from: CorpusRef, corpus: Corpus, *, otherwise: str = "") -> None:
    """Raise CorpusMismatchError that names what differs, where personas were made from another corpus.

    `otherwise` is what else one may do than give the right sources.
    """
    if made_from.digest in {None, corpus.digest}:
        return
    differences = _differences(made_from.sources, corpus.sources) or ["their digests differ"]
    shown = "; ".join(differences[:6]) + (
        f"; and {len(differences) - 6} more" if len(differences) > 6 else ""
    )
    raise CorpusMismatchError(
        f"these are not the sources that the personas were made from: {shown}. Give those{otherwise}"
    )


def _differences(made_from: Sequence[SourceRef], given: Sequence[Source]) -> list[str]:
    """What differs between two lists of sources, by name and hash."""
    before = {source.name: source.sha256 for source in made_from}
    now = {source.name: source.sha256 for source in given}
    renamed = {sha: name for name, sha in now.items() if name not in before}
    told, moved = [], set()
    for name, sha in sorted(before.items()):
        if name not in now and sha in renamed:
            moved.add(renamed[sha])
            told.append(f"“{name}” is now called “{renamed[sha]}”")
        elif name not in now:
            told.append(f"“{name}” is missing")
        elif now[name] != sha:
            told.append(f"“{name}” has changed")
    return told + [
        f"“{name}” was added"
        for name in sorted(now)
        if made_from and name not in before and name not in moved
    ]
