"""The sentences that people said, and which of them are most like another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from persona_core.auditing.disguises import plain
from persona_core.auditing.said import Said
from persona_core.similarity import char_grams
from persona_core.text import STOP_WORDS, content_stems, fold, sentence_spans, stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Weights = NDArray[np.float64]

LEAST_STEMS = 3
"""A sentence with fewer stems that carry content could be anybody's."""
_MANY_WORDS = 6
"""But with so many words it could not."""
_IDLE = 0.25
"""What a stop word weighs, of a word of content as common."""
_POSTINGS = 60_000
"""Entries looked at for a sentence: its rarest stems count first."""
_CANDIDATES = 30
"""Sentences that share most, which are compared letter by letter."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A sentence that somebody said, by its number, and how like another it is, 0–1."""

    sentence: int
    similarity: float


class Sentences:
    """The sentences of some texts, found by their stems."""

    def __init__(self, said: Said, positions: Iterable[int]) -> None:
        import numpy as np

        self.said = said
        self.texts: list[str] = []
        self._code: dict[str, int] = {}
        home: list[int] = []
        codes: list[int] = []
        bounds = [0]
        for position in positions:
            text = said.texts[position]
            for start, end in sentence_spans(text):
                stems = stems_of(text[start:end])
                if stems:
                    codes += [self._code.setdefault(each, len(self._code)) for each in stems]
                    bounds.append(len(codes))
                    home.append(position)
                    self.texts.append(text[start:end])
        self.home = np.array(home, np.int64)
        """The position of the text that each is from."""
        self.who: Numbers = said.who[self.home] if home else np.empty(0, np.int64)
        self._codes, self._bounds = np.array(codes, np.int64), np.array(bounds, np.int64)
        self._grams: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        """Count them."""
        return len(self.texts)

    @cached_property
    def _idf(self) -> Weights:
        """Weight of each stem, and last of all that of one which nobody uses."""
        import numpy as np

        counts = np.bincount(self._codes, minlength=len(self._code) + 1)
        weights: Weights = np.log((1 + len(self)) / (1 + counts)) + 1
        weights[list(self._idle)] *= _IDLE
        return weights

    @cached_property
    def _totals(self) -> Weights:
        import numpy as np

        sums = np.r_[0.0, np.cumsum(self._idf[self._codes])]
        totals: Weights = np.diff(sums[self._bounds])
        return totals

    @cached_property
    def _postings(self) -> tuple[Numbers, Numbers]:
        """Sentences by stem, and where each stem's begin."""
        import numpy as np

        owner = np.repeat(np.arange(len(self)), np.diff(self._bounds))
        order = np.argsort(self._codes, kind="stable")
        begins = np.searchsorted(self._codes[order], np.arange(len(self._code) + 1))
        return owner[order], begins

    def candidates(self, text: str, apart_from: int | None = None) -> tuple[Numbers, Weights]:
        """Numbers of the sentences that share most with a text, and the Dice of their stems weighted by rarity."""
        import numpy as np

        stems = stems_of(text)
        none = np.empty(0, np.int64), np.empty(0)
        if not len(self) or not stems:
            return none
        unknown = len(self._code)
        codes = [self._code.get(each, unknown) for each in stems]
        idle = sum(each not in self._code and each in _idle_stems() for each in stems)
        total = float(self._idf[codes].sum() - idle * (1 - _IDLE) * self._idf[unknown])
        shared = self._shared_by_rarest(codes)
        if apart_from is not None:
            shared[self.who == apart_from] = 0
        touched = np.flatnonzero(shared)
        rough = shared[touched] / (total + self._totals[touched])
        best = touched[_largest(rough, 2 * _CANDIDATES)]
        weights = np.array([self._shared(number, codes) for number in best.tolist()])
        dice = 2 * weights / (total + self._totals[best])
        order = np.argsort(-dice, kind="stable")[:_CANDIDATES]
        return best[order], dice[order]

    def _shared_by_rarest(self, codes: Sequence[int]) -> Weights:
        """For every sentence the weight of the stems it shares, the rarest of them alone where all are many."""
        import numpy as np

        owners, begins = self._postings
        shared = np.zeros(len(self))
        known = sorted({code for code in codes if code < len(self._code)}, key=lambda code: -self._idf[code])
        telling = [code for code in known if code not in self._idle]
        looked_at = 0
        for code in telling if len(telling) >= LEAST_STEMS else known:
            found = owners[begins[code] : begins[code + 1]]
            if looked_at and looked_at + len(found) > _POSTINGS:
                break
            looked_at += len(found)
            shared[found] += self._idf[code]
        return shared

    @cached_property
    def _idle(self) -> frozenset[int]:
        return frozenset(code for each, code in self._code.items() if each in _idle_stems())

    def _shared(self, number: int, codes: Collection[int]) -> float:
        """The weight of the stems that a sentence shares with others, the commonest included."""
        theirs = self._codes[self._bounds[number] : self._bounds[number + 1]].tolist()
        return float(sum(self._idf[code] for code in theirs if code in codes))

    def most_alike(self, text: str, apart_from: int | None = None) -> list[Alike]:
        """The sentences most like a text, best first: the mean of the Dice of stems and of letters in fours.

        `apart_from` leaves out what one person said.
        """
        numbers, dices = self.candidates(text, apart_from)
        grams = char_grams(plain(text))
        alike = [
            Alike(number, (dice + _dice(grams, self._grams_of(number))) / 2)
            for number, dice in zip(numbers.tolist(), dices.tolist(), strict=True)
        ]
        return sorted(alike, key=lambda each: -each.similarity)

    def _grams_of(self, number: int) -> frozenset[str]:
        grams = self._grams.get(number)
        if grams is None:
            grams = self._grams[number] = char_grams(plain(self.texts[number]))
        return grams


def _largest(values: Weights, count: int) -> Numbers:
    """Where the largest of some values are, in no order."""
    import numpy as np

    if len(values) <= count:
        return np.arange(len(values))
    largest: Numbers = np.sort(np.argpartition(-values, count)[:count])
    return largest


def stems_of(text: str) -> list[str]:
    """The different stems of a text, sorted; none where it says too little to be told from others."""
    bare = text if text.isascii() else fold(plain(text)).text
    said = words(bare)
    if len(said) < _MANY_WORDS and len(set(content_stems(bare))) < LEAST_STEMS:
        return []
    return sorted(set(map(stem, said)))


@lru_cache(maxsize=1)
def _idle_stems() -> frozenset[str]:
    return frozenset(map(stem, STOP_WORDS))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    size = len(one) + len(other)
    return 2 * len(one & other) / size if size else 0.0
