"""Choosing a group's claims: typical of the group, rare outside, no repeats, spread over its participants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona_core.models.corpus import Corpus
from persona_core.models.persona import FACETS, Claim, Evidence, Support, Tier
from persona_core.similarity import Vocabulary, char_grams, containment
from persona_core.synthesis.candidates import Candidate
from persona_core.synthesis.cues import plain
from persona_core.synthesis.describing import as_claim
from persona_core.synthesis.extractive.opposing import denies, oppose
from persona_core.synthesis.extractive.restating import quote_span, restate
from persona_core.text import words

_MOST = {"goals": 4, "needs": 4, "pain_points": 4, "behaviours": 4, "motivations": 3, "context": 3}
_ORDER = ("goals", "pain_points", "needs", "motivations", "behaviours", "context")
"""Scarce kinds choose first."""
_LEAST_WEIGHT, _LEAST_STEMS, _LEAST_FRAMED = 0.6, 3, 1
_SAME_GRAMS, _SAME_COSINE = 0.45, 0.4
"""From here on a claim repeats another (character 4-gram containment, cosine of stems)."""
_SUPPORTS, _ALSO_SAYS, _SAYS_WITHOUT_KIND, _OPPOSES = 0.42, 0.46, 0.62, 0.3
"""Least cosine of a sentence that supports a claim, of one quoted beside it, of one that supports a mere quote, and of one that may oppose."""
_COMMON, _FEW_SENTENCES = 0.2, 8
"""Share of sentences above which a stem is left out of their likeness, and how many may always hold it."""
_CANDIDATES = 800
"""Most sentences of a group that are compared with all others; the surest of their kind come first."""
_DANGLING = frozenset(
    "this that it these they he she those them which there one both its such his her".split()
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with what speaks for it."""

    index: int
    candidate: Candidate
    score: float


@dataclass(slots=True)
class Chosen:
    """What a persona is made of."""

    claims: dict[str, list[Claim]] = field(default_factory=lambda: {facet: [] for facet in FACETS})
    headline: Claim | None = None
    quotes: list[Claim] = field(default_factory=list)


class Choice:
    """Chooses claims for one group after the other; sentence vectors are made once."""

    def __init__(self, corpus: Corpus, candidates: Sequence[Candidate]) -> None:
        """Make the sentence vectors."""
        self.corpus = corpus
        self.candidates = sorted(
            candidates, key=lambda candidate: (candidate.person, candidate.position, candidate.span)
        )
        # What many sentences hold tells none apart; in a few sentences everything is in many of them.
        most = max(_COMMON, min(1.0, _FEW_SENTENCES / max(1, len(self.candidates))))
        vocabulary = Vocabulary((candidate.stems for candidate in self.candidates), least=1, most=most)
        self.vectors = vocabulary.vectors([candidate.stems for candidate in self.candidates]).astype("f4")
        self.ones = self.vectors.copy()
        self.ones.data[:] = 1
        self.people = [candidate.person for candidate in self.candidates]
        self.starts = [i for i, person in enumerate(self.people) if i == 0 or person != self.people[i - 1]]

    def choose(self, group: Sequence[int]) -> Chosen:
        """The claims, headline and further quotes of a group of participants."""
        members = set(group)
        own = [i for i, person in enumerate(self.people) if person in members]
        able = [i for i in own if self.candidates[i].quotable]
        if len(able) > _CANDIDATES:
            able = sorted(
                sorted(able, key=lambda i: -max(self.candidates[i].facets.values(), default=0.0))[
                    :_CANDIDATES
                ]
            )
        if not able:
            return Chosen()
        near = self._likeness(able)
        ranked = self._rank(able, near, members)
        picked = _Picked(self, {i: near[row] for row, i in enumerate(able)}, members)
        chosen = Chosen()
        for facet in _ORDER:
            for each in _of_facet(ranked, facet):
                if len(chosen.claims[facet]) == _MOST[facet]:
                    break
                if picked.fits(each, facet):
                    chosen.claims[facet].append(picked.take(each, facet))
        chosen.quotes = [
            picked.take(each, "quotes")
            for each in picked.telling(ranked, 3 if any(chosen.claims.values()) else 6)
        ]
        chosen.headline = self._headline(ranked, picked)
        return chosen

    def _likeness(self, rows: Sequence[int]) -> Any:
        """Cosine of some candidates with all sentences; 0 where they share fewer than two stems, unless both are a survey's short answers."""
        import numpy as np

        cosine = (self.vectors[rows] @ self.vectors.T).toarray()
        shared = (self.ones[rows] @ self.ones.T).toarray()
        short = np.array(
            [candidate.frame is not None and len(candidate.stems) <= 3 for candidate in self.candidates]
        )
        cosine[(shared < 2) & ~(short[rows][:, None] & short[None, :])] = 0
        return cosine

    def _rank(self, rows: Sequence[int], near: Any, members: set[int]) -> list[Ranked]:
        import numpy as np

        best = np.maximum.reduceat(near, self.starts, axis=1)
        people = [self.people[start] for start in self.starts]
        inside = np.array([person in members for person in people])
        ranked = []
        for row, i in enumerate(rows):
            candidate = self.candidates[i]
            others = (
                inside & np.array([person != candidate.person for person in people])
                if len(members) > 1
                else np.zeros(len(people), bool)
            )
            # Mean over the group's other participants of how near they come to saying it, 0–1.
            typical = float(best[row, others].mean()) if others.any() else 0.0
            outside = float(best[row, ~inside].mean()) if (~inside).any() else 0.0
            score = 1.2 * typical + 2.5 * (typical - outside) + _well_said(candidate)
            ranked.append(Ranked(i, candidate, round(score, 9)))
        return sorted(ranked, key=lambda each: (-each.score, each.index))

    def _headline(self, ranked: Sequence[Ranked], picked: _Picked) -> Claim | None:
        """The most typical sentence that a person would remember."""
        for low, high, telling in ((7, 28, True), (7, 40, False), (2, 60, False)):
            for each in ranked:
                text = plain(each.candidate.text)
                if (
                    low <= len(text.split()) <= high
                    and not _dangles(each.candidate)
                    and not text.endswith("?")
                    and (not telling or _is_telling(each.candidate))
                ):
                    return picked.claim(each, "headline")
        return None


def _is_telling(candidate: Candidate) -> bool:
    """Whether a sentence says what somebody wants, needs, suffers from or cares about, in the first person."""
    kinds = {"goals", "needs", "pain_points", "motivations"}
    return (
        any(hit.facet in kinds and hit.weight >= 0.8 for hit in candidate.hits)
        and re.search(r"\b(?:i|we|my)\b", plain(candidate.text)) is not None
    )


class _Picked:
    """What a persona has so far, and what may still join it."""

    def __init__(self, choice: Choice, near: dict[int, Any], members: set[int]) -> None:
        self.choice, self.near, self.members = choice, near, members
        self.indices: list[int] = []
        self.grams: list[frozenset[str]] = []
        self.per_person: Counter[int] = Counter()
        self.per_facet: Counter[tuple[int, str]] = Counter()
        self.most = max(2, -(-sum(_MOST.values()) // max(1, len(members))) + 1)

    def fits(self, each: Ranked, facet: str) -> bool:
        candidate = each.candidate
        person = candidate.person
        shared_out = self.per_person[person] >= self.most or self.per_facet[(person, facet)] >= (
            1 if len(self.members) > 3 else 2
        )
        return not shared_out and not self._repeats(each)

    def _repeats(self, each: Ranked) -> bool:
        near = self.near[each.index]
        if any(near[i] > _SAME_COSINE or i == each.index for i in self.indices):
            return True
        grams = char_grams(each.candidate.text)
        return any(containment(grams, other) > _SAME_GRAMS for other in self.grams)

    def take(self, each: Ranked, facet: str) -> Claim:
        self.indices.append(each.index)
        self.grams.append(char_grams(each.candidate.text))
        self.per_person[each.candidate.person] += 1
        self.per_facet[(each.candidate.person, facet)] += 1
        return self.claim(each, facet)

    def telling(self, ranked: Sequence[Ranked], most: int) -> Iterator[Ranked]:
        """Further sentences worth reading: typical, whole, of participants not heard much yet."""
        given = 0
        for each in ranked:
            count = len(each.candidate.text.split())
            if given == most:
                return
            if (
                6 <= count <= 40
                and not _dangles(each.candidate)
                and not each.candidate.text.endswith("?")
                and self.fits(each, "quotes")
            ):
                given += 1
                yield each

    def claim(self, each: Ranked, facet: str) -> Claim:
        """A claim with its quote, who else says so, and who says the opposite."""
        choice, candidate = self.choice, each.candidate
        evidence = evidence_of(choice.corpus, candidate)
        restated = restate(candidate, facet) if facet in FACETS else None
        near = self.near[each.index]
        also = self._others(
            candidate, near, lambda other, likeness: _says_so_too(candidate, other, likeness, facet)
        )
        against = self._others(
            candidate, near, lambda other, likeness: likeness >= _OPPOSES and oppose(candidate, other)
        )
        supporters = {candidate.person} | {choice.people[i] for i in also}
        quoted = [i for i in also if near[i] >= _ALSO_SAYS and choice.candidates[i].quotable]
        return Claim(
            text=restated or as_claim(evidence.quote),
            origin="extracted",
            support=Support(participants=len(supporters), of=len(self.members)),
            evidence=(evidence, *(evidence_of(choice.corpus, choice.candidates[i]) for i in quoted[:2])),
            against=tuple(
                evidence_of(choice.corpus, choice.candidates[i])
                for i in against
                if choice.candidates[i].quotable
            )[:2],
        )

    def _others(
        self, candidate: Candidate, near: Any, holds: Callable[[Candidate, float], bool]
    ) -> list[int]:
        """The best sentence of each other participant of the group for which something holds, most alike first."""
        found: dict[int, int] = {}
        for i in (int(i) for i in (near >= _OPPOSES).nonzero()[0]):
            other = self.choice.candidates[i]
            if (
                other.person == candidate.person
                or other.person not in self.members
                or not holds(other, float(near[i]))
            ):
                continue
            if other.person not in found or near[i] > near[found[other.person]]:
                found[other.person] = i
        return sorted(found.values(), key=lambda i: (-round(float(near[i]), 9), i))


def _says_so_too(candidate: Candidate, other: Candidate, likeness: float, facet: str) -> bool:
    """Whether another's sentence says the same: near in words, of the same kind where the claim is of one, no question, no opposite."""
    if other.text.rstrip().endswith("?") or (len(other.stems) < _LEAST_STEMS and other.frame is None):
        return False
    alike = (
        likeness >= _SUPPORTS and facet in other.facets if facet in FACETS else likeness >= _SAYS_WITHOUT_KIND
    )
    return alike and denies(candidate.text) == denies(other.text) and not oppose(candidate, other)


def _of_facet(ranked: Sequence[Ranked], facet: str) -> list[Ranked]:
    """The candidates that may be a claim of a facet, best first."""
    able = [
        (each.score + 0.4 * each.candidate.facets[facet], each)
        for each in ranked
        if each.candidate.facets.get(facet, 0.0) >= _LEAST_WEIGHT and _says_enough(each.candidate, facet)
    ]
    return [each for _, each in sorted(able, key=lambda pair: (-round(pair[0], 9), pair[1].index))]


def _says_enough(candidate: Candidate, facet: str) -> bool:
    framed = candidate.frame is not None and candidate.frame[0] == facet
    if len(set(candidate.stems)) < (_LEAST_FRAMED if framed else _LEAST_STEMS):
        return False
    return framed or not _dangles(candidate)


def _dangles(candidate: Candidate) -> bool:
    """Whether a sentence leans on the one before it."""
    span = quote_span(candidate)
    if span is None:
        return True
    opening = [word.lower() for word in words(candidate.text[slice(*span)])[:1]]
    at_hit = any(hit.start <= span[0] + 1 and hit.form == "it" for hit in candidate.hits)
    if candidate.text.rstrip().endswith(("...", "…", "{disfmarker}", ",", "-")):
        return True
    return not opening or (opening[0].split("'")[0].split("’")[0] in _DANGLING and not at_hit)


def _well_said(candidate: Candidate) -> float:
    """What a sentence gains or loses by its form alone."""
    count = len(candidate.text.split())
    gain = 0.02 * min(8, len(set(candidate.stems)))
    gain -= 0.01 * max(0, count - 25)
    gain -= 0.05 * candidate.text.count("{")
    if _dangles(candidate):
        gain -= 0.2
    return gain


def evidence_of(corpus: Corpus, candidate: Candidate) -> Evidence:
    """The words of a candidate worth quoting, with where they stand."""
    inner = quote_span(candidate) or (0, len(candidate.text))
    start = candidate.span[0] + inner[0]
    end = candidate.span[0] + inner[1]
    return Evidence(
        quote=corpus.columns.texts[candidate.position][start:end],
        segment=corpus.segment_id(candidate.position),
        tier=Tier.exact,
        arrived_as=Tier.exact,
        similarity=1.0,
        participant=corpus.people[candidate.person].code,
        locator=corpus.locator(candidate.position, [(start, end)]),
    )
