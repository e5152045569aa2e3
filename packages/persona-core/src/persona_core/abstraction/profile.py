"""Claims put anew: what each is about, as many speak of it, in a frame that says what it says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from persona_core.abstraction.phrases import is_plural
from persona_core.abstraction.spoken import Spoken, Term
from persona_core.abstraction.stances import Stance, stance_of
from persona_core.abstraction.wordlists import KINDS
from persona_core.models.persona import FACETS, Claim, Persona

_LEAST = -1.6
"""Worth below which a term says nothing of a claim."""
_SECOND = 0.4
"""Worth that a second term of the same claim needs."""
_TIMES = 2
"""A term stands in so many sentences of a script, at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """A claim's path, and the sentence in its place; None where nothing of it can be told."""

    path: str
    sentence: str | None


class Teller:
    """Puts a persona's claims in words of many, no two of them alike."""

    def __init__(self, spoken: Spoken, group: Sequence[str], k: int) -> None:
        self._spoken, self._group, self._k = spoken, group, k
        self._used: Counter[str] = Counter()
        self._frames: Counter[str] = Counter()
        self._pairs: set[tuple[str, tuple[str, ...]]] = set()

    def tell(self, persona: Persona) -> list[Told]:
        """Go through the claims of every facet, in order."""
        return [Told(path, self._sentence(path, claim)) for path, claim in facet_claims(persona)]

    def _sentence(self, path: str, claim: Claim) -> str | None:
        facet = path.partition("[")[0]
        text = " ".join([claim.text, *(each.quote for each in claim.evidence)])
        stance = stance_of(facet, claim.text)
        terms = [
            term
            for term in self._ranked(text)
            if (facet, term.key) not in self._pairs and not (stance.of_tools and is_tool(term))
        ]
        if not terms:
            return self._general(stance)
        first = terms[0]
        second = next((term for term in terms[1:] if self._goes_with(first, term)), None)
        for term in filter(None, (first, second)):
            self._used.update(term.key)
        self._pairs.add((facet, first.key))
        return self._framed(stance, first, second)

    def _general(self, stance: Stance) -> str | None:
        """What can be said without a topic, where enough people say things of that kind."""
        return stance.general if stance.general and self._spoken.say(stance.pattern, self._k) else None

    def _ranked(self, text: str) -> list[Term]:
        found = []
        for term in self._spoken.terms_in(text, self._k):
            worth = self._spoken.worth(term, self._group)
            if worth >= _LEAST and all(self._used[word] < _TIMES for word in term.key):
                found.append((worth - 0.5 * sum(self._used[word] for word in term.key), term))
        return [
            term
            for _, term in sorted(found, key=lambda each: (-round(each[0], 6), each[1].key, each[1].verb))
        ]

    def _goes_with(self, first: Term, second: Term) -> bool:
        """Whether enough people speak of both for the two together to be nobody's own."""
        return (
            not second.verb
            and not first.stems & second.stems
            and self._spoken.worth(second, self._group) >= _SECOND
            and self._spoken.together(first, second) >= self._k
        )

    def _framed(self, stance: Stance, first: Term, second: Term | None) -> str:
        fitting = [frame for frame in stance.frames if first.verb or "{do" not in frame]
        if first.verb:
            fitting = [frame for frame in fitting if "{do" in frame] or fitting
        frame = min(fitting, key=lambda each: (self._frames[each], fitting.index(each)))
        self._frames[frame] += 1
        return in_frame(frame, first, second)


def in_frame(frame: str, first: Term, second: Term | None = None) -> str:
    """Fill a frame of `stances`."""
    doing = "{do" in frame
    about = first.about
    many = not first.verb and is_plural(first.noun.split()[-1])
    tail = ""
    if second is not None and first.verb:
        tail = (
            f", and has {second.noun} to think of as well" if not doing else f", with {second.noun} in mind"
        )
    elif second is not None:
        about, many = f"{about} and {second.noun}", True
    said = re.sub(r"\[(\w+)\|(\w+)\]", lambda match: match[2] if many else match[1], frame)
    said = said.replace("{does!c}", _capital(first.does) if first.verb else "")
    said = said.replace("{does}", first.does if first.verb else "").replace(
        "{do}", first.to_do if first.verb else ""
    )
    said = said.replace("{x}", about)
    return f"{said[:-1]}{tail}." if tail else said


def is_tool(term: Term) -> bool:
    """Whether a term is what products are called by their kind, or software by itself."""
    return term.noun in KINDS or bool({"ai", "AI", "software", "app"} & set(term.key))


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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
