"""Which texts share runs of words with a quote: an index over a million texts.

A shingle is a few words in a row, in normal form (`text.fold`), never across two texts. The index is one
sorted array of numbers: a shingle's hash in the high bits, the text's position in the low ones. Two shingles
may share a hash, seldom: what the index gives are candidates for `text.locate`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from persona_core.shingles.tokens import Tokens, blocks, shingled, tokenise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

_POSTINGS = 50_000
"""Entries looked at for a quote: its rarest shingles count, those that stand everywhere do not."""


class Shingles:
    """An index over texts, built when it is first asked; `width` is the words of a shingle."""

    def __init__(self, texts: Sequence[str], width: int = 3) -> None:
        self.texts, self.width = texts, width
        self._bits = max(1, (len(texts) - 1).bit_length())

    @cached_property
    def _keys(self) -> Hashes:
        import numpy as np

        parts = [self._of_block(start, stop) for start, stop in blocks(self.texts)]
        keys = np.concatenate([np.empty(0, np.uint64), *parts])
        del parts
        keys.sort()
        return keys

    def _of_block(self, start: int, stop: int) -> Hashes:
        import numpy as np

        tokens = tokenise(self.texts[start:stop])
        hashes, first = shingled(tokens, self.width)
        keys = self._high(hashes) | (tokens.texts[first] + start).astype(np.uint64)
        # Sorting is several times as fast as `np.unique`, which hashes.
        keys.sort()
        distinct: Hashes = keys[np.r_[True, keys[1:] != keys[:-1]][: len(keys)]]
        return distinct

    def _high(self, hashes: Hashes) -> Hashes:
        import numpy as np

        bits = np.uint64(self._bits)
        return (hashes >> bits) << bits

    def _positions(self, keys: Hashes) -> Numbers:
        return (keys & ((1 << self._bits) - 1)).astype("int64")

    def _entries(self, hashes: Hashes) -> list[Hashes]:
        import numpy as np

        wanted = self._high(hashes)
        low = np.searchsorted(self._keys, wanted)
        high = np.searchsorted(self._keys, wanted | np.uint64((1 << self._bits) - 1), side="right")
        return [self._keys[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True)]

    def shared(self, *parts: str) -> tuple[Numbers, Numbers, int]:
        """Positions of the texts that share shingles with the parts of a quote, how many, and of how many.

        Most first, then in reading order. Shingles that stand nearly everywhere are not counted where
        there are rarer ones.
        """
        import numpy as np

        entries = self._entries(np.unique(shingled(tokenise(parts), self.width)[0]))
        rarest = sorted((each for each in entries if len(each)), key=len)
        looked_at = [
            each for i, each in enumerate(rarest) if not i or sum(map(len, rarest[: i + 1])) <= _POSTINGS
        ]
        if not looked_at:
            return np.empty(0, np.int64), np.empty(0, np.int64), len(entries)
        positions, counts = np.unique(self._positions(np.concatenate(looked_at)), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return positions[order], counts[order], len(looked_at) + len(entries) - len(rarest)

    def candidates(self, quote: str, limit: int = 20) -> list[int]:
        """Positions of the texts that share most shingles with a quote, best first.

        A quote of fewer words than `width` has none: ask an index of width 1.
        """
        positions: list[int] = self.shared(quote)[0][:limit].tolist()
        return positions

    def windows(self, tokens: Tokens, words: int) -> dict[int, Numbers]:
        """Give the positions of texts that may hold `words` (≥ `width`) words in a row of one text.

        By the number of the first of the words; those that no text holds are left out. `holds` tells for sure.
        """
        import numpy as np

        hashes = shingled(tokens, self.width)[0]
        size = words - self.width + 1
        if len(hashes) < size:
            return {}
        wanted = self._high(hashes)
        low = np.searchsorted(self._keys, wanted)
        high = np.searchsorted(self._keys, wanted | np.uint64((1 << self._bits) - 1), side="right")
        known = np.cumsum(np.r_[0, high > low])
        found = {}
        for i in np.flatnonzero(known[size:] - known[:-size] == size).tolist():
            ranges = sorted(
                zip(low[i : i + size].tolist(), high[i : i + size].tolist(), strict=True), key=_length
            )
            positions = self._positions(self._keys[slice(*ranges[0])])
            for a, b in ranges[1:]:
                positions = positions[_among(positions, self._positions(self._keys[a:b]))]
            if len(positions):
                found[i] = positions
        return found

    def holds(self, position: int, tokens: Tokens, first: int, words: int) -> bool:
        """Whether a text holds `words` words of another from the first on."""
        return tokens.hashes[first : first + words].tobytes() in self._bytes(position)

    @cached_property
    def _bytes(self) -> Callable[[int], bytes]:
        return lru_cache(maxsize=2000)(lambda i: tokenise([self.texts[i]]).hashes.tobytes())


def _length(bounds: tuple[int, int]) -> int:
    return bounds[1] - bounds[0]


def _among(few: Numbers, many: Numbers) -> NDArray[np.bool_]:
    """Which of some numbers are among others; both are sorted."""
    import numpy as np

    at = np.minimum(np.searchsorted(many, few), len(many) - 1)
    among: NDArray[np.bool_] = many[at] == few
    return among
