"""What a script says somebody wants, does and minds: claims put anew, and what else their group says together.

A sentence is told only where at least `k` participants speak of its topic in a clause that says such a thing, two of the
persona's own among them (`k` of its own where its group is large enough). Of a small group the topic of a claim is told
where `k` speak of it at all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from persona_core.abstraction.spoken import Spoken
from persona_core.abstraction.stances import LOOSE, NEGATION, STANCES, Stance, stances_of
from persona_core.abstraction.terms import Sort, Term, is_quality
from persona_core.models.persona import FACETS, Claim, Persona

_LEAST = -1.6
"""Worth below which a term says nothing of a claim."""
_BACK = 5
_TIMES = 2
"""A word of a topic stands in so many sentences of a script, at most, and so does a frame."""
_SHARED: Mapping[str, int] = {"goals": 3, "motivations": 3, "needs": 3, "pain_points": 4, "behaviours": 5}
"""Sentences of a facet, up to which what the group says together is added."""
_LITTLE, _MOST = 0.1, 1.5
"""The same of the topic alone: what is said by others as well tells nothing, and beyond the most a little more says no more."""
_OFTEN, _TOOL = 0.0, 0.25
"""Log of a thing's share inside a group by that outside, from which on it may be said of the group, and of AI and software."""


@dataclass(frozen=True, slots=True)
class Told:
    """A claim's path, and the sentence in its place; None where nothing of it can be told."""

    path: str
    sentence: str | None


class Teller:
    """Puts in words of many what a persona's claims say and what its group says, no two sentences alike."""

    def __init__(self, spoken: Spoken, group: Sequence[str], k: int) -> None:
        self._spoken, self._group, self._k = spoken, frozenset(group), k
        self._used: Counter[str] = Counter()
        self._frames: Counter[str] = Counter()
        self._pairs: set[tuple[str, tuple[str, ...]]] = set()

    def tell(self, persona: Persona) -> list[Told]:
        """Go through the claims of every facet, in order."""
        return [Told(path, self._sentence(path, claim)) for path, claim in facet_claims(persona)]

    def _sentence(self, path: str, claim: Claim) -> str | None:
        facet = path.partition("[")[0]
        text = " ".join([claim.text, *(each.quote for each in claim.evidence)])
        terms = self._ranked(text)
        for stance in stances_of(facet, claim.text):
            found = [term for term in terms if self._said(stance, term, 1) is not None]
            for term in found:
                if said := self._put(stance, term, found):
                    return said
        return self._loosely(facet, terms)

    def _loosely(self, facet: str, terms: Sequence[Term]) -> str | None:
        """That a claim is about a topic, and no more; only of small groups, of which few can say the same."""
        if len(self._group) > 2 * self._k:
            return None
        for term in terms:
            talked = len(self._spoken.who(term) & self._group) >= min(2, len(self._group))
            if talked and not is_quality(term.key) and (said := self._put(LOOSE[facet], term)):
                return said
        return None

    def _ranked(self, text: str) -> list[Term]:
        found = [
            (worth, term)
            for term in self._spoken.terms_in(text, self._k)
            if (worth := self._spoken.worth(term, self._group)) >= _LEAST
            and (term.sort is Sort.tool or self._spoken.telling_of(term, self._group) >= 0)
        ]
        return [term for _, term in sorted(found, key=lambda each: (-round(each[0], 6), *_order(each[1])))]

    def _said(self, stance: Stance, term: Term, least: int) -> float | None:
        """How much it is the group's own to say so of a term: log of the shares; None where too few of all, or of it, do."""
        if is_quality(term.key) or stance.said.search(term.noun.lower()):
            return None
        without = None if stance.negative else NEGATION
        who = self._spoken.saying(term, stance.said, without)
        inside = len(who & self._group)
        if len(who) < self._k or inside < min(least, len(self._group)):
            return None
        return self._spoken.own(inside, len(who) - inside, self._group)

    def _put(self, stance: Stance, term: Term, others: Iterable[Term] = ()) -> str | None:
        """A term, and one of the others, in the frame that was used least; None where frames or topic are used up."""
        facet = "behaviours" if stance.facet == "context" else stance.facet
        frames = [frame for frame in stance.fitting(term.sort) if self._frames[frame] < _TIMES]
        if not frames or self._is_worn(facet, term):
            return None
        frame = min(frames, key=lambda each: (self._frames[each], frames.index(each)))
        second = next((each for each in others if self._goes_with(term, each, facet)), None)
        self._frames[frame] += 1
        for each in filter(None, (term, second)):
            self._used.update(each.key)
            self._pairs.add((facet, each.key))
        return in_frame(frame, term, second)

    def _is_worn(self, facet: str, term: Term) -> bool:
        most = _TIMES + (term.sort is Sort.tool)
        return any(self._used[word] >= most for word in term.key) or (facet, term.key) in self._pairs

    def _goes_with(self, first: Term, second: Term, facet: str) -> bool:
        """Whether two things can be told in one sentence, of which both are true."""
        return (
            first.sort is second.sort
            and first.sort in {Sort.thing, Sort.people}
            and not first.stems & second.stems
            and not self._is_worn(facet, second)
            and self._spoken.telling_of(second, self._group) >= _LITTLE
            and self._spoken.together(first, second) >= self._k
        )

    def shared(self, topics: Sequence[Term], told: Iterable[Told]) -> Iterator[tuple[str, str]]:
        """What the group says together beyond the claims, by facet: first what the others say least."""
        have: Counter[str] = Counter(
            "behaviours" if facet == "context" else facet
            for each in told
            if each.sentence
            for facet in [each.path.partition("[")[0]]
        )
        kinds: dict[str, Counter[Stance]] = defaultdict(Counter)
        candidates = self._candidates(topics)
        said_so: dict[Stance, list[Term]] = defaultdict(list)
        for _, stance, term in candidates:
            said_so[stance].append(term)
        for _, stance, term in candidates:
            facet = stance.facet
            if have[facet] >= _SHARED.get(facet, 0) or kinds[facet][stance] >= _TIMES:
                continue
            if said := self._put(stance, term, said_so[stance]):
                have[facet] += 1
                kinds[facet][stance] += 1
                yield facet, said

    def _candidates(self, topics: Sequence[Term]) -> list[tuple[float, Stance, Term]]:
        least = self._spoken.least_of(self._group, self._k)
        found = []
        for term in topics:
            of_term = min(self._spoken.telling_of(term, self._group), _MOST)
            for stance in STANCES if of_term >= _LITTLE or term.sort is Sort.tool else ():
                fits = stance.facet in _SHARED and stance.fitting(term.sort)
                own = self._said(stance, term, least) if fits else None
                if own is not None and own >= (_TOOL if term.sort is Sort.tool else _OFTEN):
                    found.append((own + 2 * of_term, stance, term))
        return sorted(found, key=lambda each: (-round(each[0], 6), STANCES.index(each[1]), *_order(each[2])))


def comes_back_to(topics: Sequence[Term]) -> Iterator[tuple[str, str]]:
    """What a group talks about most that others do not."""
    named = [term.bare for term in topics if term.sort is not Sort.tool and not is_quality(term.key)][:_BACK]
    if len(named) > 1:
        yield "behaviours", f"Often brings a conversation round to {', '.join(named[:-1])} or {named[-1]}."


def _order(term: Term) -> tuple[tuple[str, ...], str]:
    return term.key, term.verb


def in_frame(frame: str, term: Term, second: Term | None = None) -> str:
    """Fill a frame of `stances`."""
    many = term.many or second is not None
    said = re.sub(r"\[([^|\]]+)\|([^\]]+)\]", lambda match: match[2] if many else match[1], frame)
    if term.sort is Sort.doing:
        said = said.replace("{does}", term.does).replace("{do}", term.to_do)
    about = term.about if second is None else f"{term.about} and {second.about}"
    return re.sub(r"\{(?:x|who|tool)\}", lambda _: about, said)


def facet_claims(persona: Persona) -> Iterator[tuple[str, Claim]]:
    """The claims that say something of the persona; its quotes are no claims of that kind."""
    return ((path, claim) for path, claim in persona.claims() if path.partition("[")[0] in FACETS)


def by_facet(told: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Sentences by facet as a script has them: what surrounds people stands with what they do."""
    found: dict[str, list[str]] = {facet: [] for facet in FACETS if facet != "context"}
    for path, sentence in told:
        facet = path.partition("[")[0]
        kept = found["behaviours" if facet == "context" else facet]
        if sentence not in kept:
            kept.append(sentence)
    return {facet: tuple(sentences) for facet, sentences in found.items()}
