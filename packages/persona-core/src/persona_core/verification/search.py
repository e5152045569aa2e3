"""Where in a corpus a quote stands: which places to look into, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from persona_core.models.corpus import NONE, ROLES, Corpus, Role
from persona_core.models.persona import Tier
from persona_core.shingles import Shingles
from persona_core.text import Folded, Match, fold, locate, parts_of, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_SHORT = 3
"""A quote of fewer words may stand anywhere by chance."""
_SCANNED_WORDS = 8
"""A quote of fewer words may share no shingle with what it nearly is: the participant's words are read."""
_SCANNED = 300
"""Segments of one participant that are read for a quote."""
_VERBATIM_TRIES, _NEAR_TRIES, _SHORT_TRIES = 60, 8, 2000
_LEAST_SHARED = 0.25
"""Share of a quote's shingles that a segment needs before the quote is aligned with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quote in the segment at a position."""

    position: int
    match: Match


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a quote is said to stand."""

    position: int | None = None
    """Of the cited segment, where it exists."""
    named: bool = False
    """The participant is named, and not only by the segment."""
    participant: str | None = None
    """Whose words they should be; a code that the corpus may not know."""
    person: int = NONE
    """The same as the corpus numbers them."""
    beside: frozenset[int] = frozenset()
    """Numbers of those whose words are the likeliest where nobody is cited."""
    sources: frozenset[int] = frozenset()
    """Sources to look in first."""
    line: int = 0
    """Line of a table to look near; 0 for none."""


class Search:
    """Looks for quotes in a corpus; its indexes are built when they are first needed."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._folded: Callable[[int], Folded] = lru_cache(maxsize=2000)(
            lambda i: fold(corpus.columns.texts[i])
        )

    @cached_property
    def _index(self) -> Shingles:
        return Shingles(self.corpus.columns.texts)

    @cached_property
    def _single_words(self) -> Shingles:
        return Shingles(self.corpus.columns.texts, width=1)

    @cached_property
    def _questions(self) -> Shingles:
        return Shingles(self.corpus.columns.questions)

    def find(self, quote: str, wanted: Wanted) -> Found | None:
        """Find a quote where it is cited, else in the participant's words, all participants', all others'."""
        there = self._in(wanted.position, quote) if wanted.position is not None else None
        if there and (self._spoken(there.position) or not wanted.named):
            return there
        if len(words(quote)) < _SHORT:
            return self._find_short(quote, wanted) or there
        full, enough = self._sharing(quote)
        return (
            self._best(quote, wanted, full, enough, self._is_wanted)
            or (self._read(quote, wanted) if len(words(quote)) < _SCANNED_WORDS else None)
            or there
            or self._best(quote, wanted, full, enough, self._is_other_participant)
            or self._best(quote, wanted, full, enough, self._is_no_participant)
        )

    def is_asked(self, quote: str) -> bool:
        """Whether a quote is a question's own wording."""
        questions = self.corpus.columns.questions
        return any(locate(quote, questions[i]) for i in self._questions.candidates(quote, _NEAR_TRIES))

    def _in(self, position: int, quote: str, *, near: bool = True) -> Found | None:
        text = self.corpus.columns.texts[position]
        match = locate(quote, text, near=False) if quote in text else None
        match = match or locate(quote, text, folded=self._folded(position), near=near)
        return Found(position, match) if match else None

    def _spoken(self, position: int) -> bool:
        return self.corpus.role(position) is Role.participant

    def _column(self, name: Literal["who", "role", "source", "row"]) -> NDArray[np.integer]:
        import numpy as np

        return np.asarray(getattr(self.corpus.columns, name))

    def _sharing(self, quote: str) -> tuple[Numbers, Numbers]:
        """Positions that share all shingles of a quote, and those that share enough of them, most first."""
        positions, counts, total = self._index.shared(*parts_of(quote))
        all_of_them = int((counts == total).sum())
        enough = int((counts >= max(1, _LEAST_SHARED * total)).sum())
        return positions[:all_of_them], positions[:enough]

    def _said(self, positions: Numbers) -> NDArray[np.bool_]:
        said: NDArray[np.bool_] = self._column("role")[positions] == ROLES.index(Role.participant)
        return said

    def _is_wanted(self, positions: Numbers, wanted: Wanted) -> NDArray[np.bool_]:
        if wanted.person == NONE:
            return self._said(positions) & False
        theirs: NDArray[np.bool_] = self._column("who")[positions] == wanted.person
        return self._said(positions) & theirs

    def _is_other_participant(self, positions: Numbers, wanted: Wanted) -> NDArray[np.bool_]:
        return self._said(positions) & ~self._is_wanted(positions, wanted)

    def _is_no_participant(self, positions: Numbers, _wanted: Wanted) -> NDArray[np.bool_]:
        return ~self._said(positions)

    def _best(
        self,
        quote: str,
        wanted: Wanted,
        full: Numbers,
        enough: Numbers,
        among: Callable[[Numbers, Wanted], NDArray[np.bool_]],
    ) -> Found | None:
        """The best verbatim hit among some positions, else the best near one."""
        sharing_all = self._in_order(full[among(full, wanted)], wanted)[:_VERBATIM_TRIES]
        found = self._verbatim(quote, sharing_all.tolist())
        return found or self._near(quote, enough[among(enough, wanted)][:_NEAR_TRIES].tolist())

    def _in_order(self, positions: Numbers, wanted: Wanted) -> Numbers:
        """Put first what stands in the named file, near the named line, and what likely people say."""
        import numpy as np

        keys: list[NDArray[np.integer] | NDArray[np.bool_]] = []
        if wanted.beside:
            keys.append(~np.isin(self._column("who")[positions], list(wanted.beside)))
        if wanted.sources and wanted.line:
            # A table's first record stands in its second line, where no cell is broken.
            keys.append(np.abs(self._column("row")[positions].astype(np.int64) + 1 - wanted.line))
        if wanted.sources:
            keys.append(~np.isin(self._column("source")[positions], list(wanted.sources)))
        return positions[np.lexsort(keys)] if keys else positions

    def _verbatim(self, quote: str, positions: Iterable[int]) -> Found | None:
        hits = (hit for position in positions if (hit := self._in(position, quote, near=False)))
        first = next(hits, None)
        if first is None or first.match.tier is Tier.exact:
            return first
        # The same, word for word, in a place as good.
        exact = (hit for hit in hits if hit.match.tier is Tier.exact)
        return next((hit for hit in exact if self._alike(hit.position, first.position)), first)

    def _alike(self, one: int, other: int) -> bool:
        columns = self.corpus.columns
        return columns.who[one] == columns.who[other] and columns.source[one] == columns.source[other]

    def _near(self, quote: str, positions: Iterable[int]) -> Found | None:
        hits = [hit for position in positions if (hit := self._in(position, quote))]
        return max(hits, key=lambda hit: hit.match.similarity, default=None)

    def _read(self, quote: str, wanted: Wanted) -> Found | None:
        """Read all words of the cited participant, where they are not too many."""
        import numpy as np

        if wanted.person == NONE:
            return None
        theirs = np.flatnonzero(self._column("who") == wanted.person)
        theirs = theirs[self._said(theirs)]
        if len(theirs) <= _SCANNED:
            return self._verbatim(quote, theirs.tolist()) or self._near(quote, theirs.tolist())
        short = len(words(quote)) < _SHORT
        hits = self._anywhere(quote, frozenset(theirs.tolist())) if short else iter(())
        return next(hits, None)

    def _find_short(self, quote: str, wanted: Wanted) -> Found | None:
        """Find one or two words: of who is cited, else of the only participant who says them."""
        if wanted.participant:
            return self._read(quote, wanted)
        hits: dict[int, Found] = {}
        for hit in self._anywhere(quote):
            if not wanted.sources or self.corpus.columns.source[hit.position] in wanted.sources:
                hits.setdefault(self.corpus.columns.who[hit.position], hit)
            if len(hits) > 1:
                return None
        return next(iter(hits.values()), None)

    def _anywhere(self, quote: str, among: frozenset[int] | None = None) -> Iterator[Found]:
        positions, counts, total = self._single_words.shared(quote)
        full = [i for i in positions[counts == total].tolist() if among is None or i in among]
        if len(full) <= _SHORT_TRIES:
            yield from (hit for i in full if self._spoken(i) and (hit := self._in(i, quote, near=False)))
