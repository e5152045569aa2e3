"""How widely a persona's evidence is spread: over its participants, and over the sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from persona_core.models.corpus import Corpus
from persona_core.quality.dimension import Deduction
from persona_core.quality.evidence.citations import Cited

BREADTH = 8.0
"""Points lost where quotes come from none of a persona's participants."""
BALANCE = 6.0
"""Points lost where all claims rest on one participant alone."""
DIVERSITY = 4.0
"""Points lost where quotes come from no source, half of them where from one only."""
_ENOUGH = 4
"""Participants that need to be quoted, in a group that has them."""
_FEW = 3
"""Participants below which one may well give most of the quotes."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a persona's evidence comes from."""

    quoted: frozenset[str]
    """Participants."""
    sources: frozenset[str]
    alone: int
    """Claims that rest on the words of one participant alone, the one with most of them."""


def spread(claims: Sequence[Cited]) -> Spread:
    """Where the evidence comes from; what is not of the persona's participants is not counted."""
    counting = [[each.checked for each in claim.citations if each.counts] for claim in claims]
    by_claim = [{each.participant for each in found if each.participant} for found in counting]
    alone = Counter(next(iter(people)) for people in by_claim if len(people) == 1)
    segments = {each.segment for found in counting for each in found if each.segment}
    return Spread(
        quoted=frozenset().union(*by_claim),
        sources=frozenset(segment.rpartition("#")[0] for segment in segments),
        alone=max(alone.values(), default=0),
    )


def deductions(found: Spread, group: frozenset[str], claims: int, sources: int) -> Iterator[Deduction]:
    """What is lost for evidence from too few; `sources` are those in which the group speaks."""
    needed = min(len(group), _ENOUGH)
    if needed > len(found.quoted):
        message = (
            f"only {len(found.quoted)} of its {len(group)} participants {_is(found)} quoted: cite others, too"
        )
        yield Deduction("", message, BREADTH * (1 - len(found.quoted) / needed))
    if (excess := _excess(found, group, claims)) > 0:
        message = f"{found.alone} of its {claims} claims rest on one participant alone: cite others, too"
        yield Deduction("", message, BALANCE * excess)
    if sources > 1 and len(found.sources) <= 1:
        message = "no source of its participants is quoted, and they speak in several"
        if found.sources:
            message = "all quotes come from one source, though its participants speak in others, too"
        yield Deduction("", message, DIVERSITY * (1 - len(found.sources) / 2))


def _is(found: Spread) -> str:
    return "is" if len(found.quoted) == 1 else "are"


def _excess(found: Spread, group: frozenset[str], claims: int) -> float:
    """How far above its share a participant's part in the claims is, 0–1: half, in a group of three two thirds."""
    if len(group) < _FEW or not claims:
        return 0.0
    allowed = max(0.5, 2 / len(group))
    return max(0.0, (found.alone / claims - allowed) / (1 - allowed))


def sources_of(corpus: Corpus, group: frozenset[str]) -> int:
    """In how many sources at least a quarter of the group speaks."""
    import numpy as np

    people = [i for i, person in enumerate(corpus.people) if person.code in group]
    who, source = (
        np.frombuffer(each, dtype=np.int32) for each in (corpus.columns.who, corpus.columns.source)
    )
    mine = np.isin(who, people)
    pairs = np.unique(np.stack([source[mine], who[mine]]), axis=1)
    return int((np.bincount(pairs[0]) >= max(1, len(group) / 4)).sum()) if pairs.size else 0
