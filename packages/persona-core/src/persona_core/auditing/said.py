"""Texts that people said, and who said each: what outgoing texts are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from persona_core.auditing.copies import people_once, sources_once
from persona_core.auditing.disguises import plain
from persona_core.auditing.phrasing import Phrasing
from persona_core.auditing.views import in_words
from persona_core.models.corpus import NONE, ROLES, Corpus, Role
from persona_core.models.persona import Evidence, Persona
from persona_core.shingles import Shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_AROUND = "\"'“”‘’.,;:!?()[]*_…–—"
_NOBODY = -1_000_000_000
"""Where the numbers of those begin whom the corpus does not know."""


@dataclass(frozen=True, slots=True)
class Written:
    """How often words stand in texts, by their plain form in small letters."""

    small: Mapping[str, int]
    """In small letters."""
    capital: Mapping[str, int]
    """With a capital first, or beginning with what is no letter."""

    def often(self, word: str) -> int:
        """How often a word stands there, however it is written."""
        small = word.casefold()
        return self.small.get(small, 0) + self.capital.get(small, 0)


@dataclass(frozen=True)
class Said:
    """Texts, a number for whoever said each, and the id of each one's segment."""

    texts: Sequence[str]
    who: NDArray[np.int64]
    segment: Callable[[int], str | None]

    @cached_property
    def index(self) -> Shingles:
        """Which texts hold which words in a row, all in plain form."""
        return Shingles(list(map(in_words, self.texts)))

    @cached_property
    def phrasing(self) -> Phrasing:
        """How likely words in a row are by chance."""
        return Phrasing(self.index.texts)

    @cached_property
    def written(self) -> Written:
        """How often each word is written."""
        return _written(Counter(chain.from_iterable(map(str.split, self.texts))))


def _written(words: Mapping[str, int]) -> Written:
    """Count words without the punctuation around them and without a possessive."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for word, count in words.items():
        bare = word.strip(_AROUND)
        bare = bare[:-2] if bare.endswith(("'s", "’s")) else bare
        (small if bare.islower() else capital)[plain(bare).casefold()] += count
    return Written(small, capital)


def said_in(corpus: Corpus) -> Said:
    """Everything in a corpus; an interviewer is one person in each source, as are the words of nobody known.

    Copies of somebody's words are theirs.
    """
    import numpy as np

    columns = corpus.columns
    who = np.array(columns.who, np.int64)
    known = who != NONE
    who[known] = np.asarray(people_once(corpus), np.int64)[who[known]]
    asked = np.asarray(columns.role) == ROLES.index(Role.interviewer)
    sources = np.asarray(sources_once(corpus), np.int64)[np.asarray(columns.source, np.int64)]
    return Said(columns.texts, np.where(asked | ~known, -2 - sources, who), lambda i: corpus.segment_id(i))


def said_by(persona: Persona | None, corpus: Corpus | None) -> Said:
    """The quotes that a persona carries with it."""
    import numpy as np

    told = _quotes(persona) if persona else []
    quotes = list({(each.quote, each.participant, each.segment): each for each in told}.values())
    known = (
        {person.code: one for person, one in zip(corpus.people, people_once(corpus), strict=True)}
        if corpus
        else {}
    )
    strangers: dict[str, int] = {}
    for each in quotes:
        if (name := _name(each)) not in known:
            strangers.setdefault(name, _NOBODY - len(strangers))
    who = [known.get(_name(each), strangers.get(_name(each), _NOBODY)) for each in quotes]
    return Said([each.quote for each in quotes], np.array(who, np.int64), lambda i: quotes[i].segment)


def _name(evidence: Evidence) -> str:
    """Who said a quote; each quote of nobody known has somebody of its own."""
    return evidence.participant or f"\n{evidence.quote}"


def _quotes(persona: Persona) -> list[Evidence]:
    bare = [claim for claim in (persona.headline, *persona.quotes) if claim and not claim.evidence]
    shown = [Evidence(quote=claim.text) for claim in bare]
    return [each for each in (*persona.cited(), *shown) if each.quote.strip()]
