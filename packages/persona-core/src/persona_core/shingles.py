"""Which texts share runs of words with a quote: an index over a million texts.

A shingle is a few words in a row, in normal form (`text.fold`), never across two texts. Words are parted
at everything that is no letter or digit: `don't` is two. The index is one sorted array of numbers: a
shingle's hash in the high bits, the text's position in the low ones. Two shingles may share a hash,
seldom: what the index gives are candidates for `text.locate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from persona_core.text import MARKUP, Folded, fold, folded_cluster, is_mark, is_solo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

_BLOCK = 1_000_000
"""Characters that are tokenised at once."""
_POSTINGS = 50_000
"""Entries looked at for a quote: its rarest shingles count, those that stand everywhere do not."""
_TRIES = 50
"""Texts in which a run is looked for before it is taken for one put together from two places."""
_BASE, _ODD, _MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MODULUS = 1 << 64
_UNKNOWN, _APART, _LETTER, _SOLO, _MARKED, _DROPPED, _UNFOLDED = range(7)
"""Kinds of characters; the last has to go through `fold` before it can be told."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a text that stand in a row in an indexed one, too."""

    start: int
    end: int
    """Half-open offsets into the text that was asked about."""
    words: int
    position: int
    """An indexed text that holds the run."""
    texts: int
    """How many do, at most."""


class Shingles:
    """An index over texts, built when it is first asked; `width` is the words of a shingle."""

    def __init__(self, texts: Sequence[str], width: int = 3) -> None:
        self.texts, self.width = texts, width
        self._bits = max(1, (len(texts) - 1).bit_length())

    @cached_property
    def _keys(self) -> Hashes:
        import numpy as np

        blocks = [self._of_block(start, stop) for start, stop in _blocks(self.texts)]
        keys = np.concatenate([np.empty(0, np.uint64), *blocks])
        del blocks
        keys.sort()
        return keys

    def _of_block(self, start: int, stop: int) -> Hashes:
        import numpy as np

        tokens = _tokenise(self.texts[start:stop])
        hashes, first = _shingled(tokens, self.width)
        return np.unique(self._high(hashes) | (tokens.texts[first] + start).astype(np.uint64))

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

        entries = self._entries(np.unique(_shingled(_tokenise(parts), self.width)[0]))
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

    def runs(self, text: str, least: int) -> list[Run]:
        """Give the runs of at least `least` words (≥ `width`) shared with indexed texts; they may overlap."""
        import numpy as np

        folded = fold(text)
        tokens = _tokenise([folded.text], folded=True)
        hashes, first = _shingled(tokens, self.width)
        size = len(tokens.hashes) + 1
        # Text and word in one number: what follows one upon another are words in a row of one text.
        places = [
            self._positions(each) * size + i
            for i, each in zip(first.tolist(), self._entries(hashes), strict=True)
        ]
        joined = np.sort(np.concatenate([np.empty(0, np.int64), *places]))
        found: dict[tuple[int, int], list[int]] = {}
        for row in np.split(joined, np.flatnonzero(np.diff(joined) != 1) + 1):
            if len(row) and (words := len(row) + self.width - 1) >= least:
                found.setdefault((int(row[0]) % size, words), []).append(int(row[0]) // size)
        runs = (self._confirmed(tokens, folded, key, least, found[key]) for key in sorted(found))
        return list(dict.fromkeys(run for run in runs if run))

    def _confirmed(
        self, tokens: _Tokens, folded: Folded, run: tuple[int, int], least: int, positions: list[int]
    ) -> Run | None:
        """Find the longest part of a run in one place: its shingles may come from two."""
        begin, length = run
        others = [
            (position, _tokenise([self.texts[position]]).hashes.tobytes()) for position in positions[:_TRIES]
        ]
        for words in range(length, least - 1, -1):
            for first in range(begin, begin + length - words + 1):
                needle = tokens.hashes[first : first + words].tobytes()
                position = next((position for position, hay in others if needle in hay), None)
                if position is not None:
                    start, end = int(tokens.starts[first]), int(tokens.ends[first + words - 1])
                    return Run(folded.offsets[start], folded.ends[end - 1], words, position, len(positions))
        return None


@dataclass(frozen=True, slots=True)
class _Tokens:
    """Words: a hash of each, its text, and half-open offsets into the texts joined by one character."""

    hashes: Hashes
    texts: Numbers
    starts: Numbers
    ends: Numbers


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut texts into half-open ranges of about `_BLOCK` characters."""
    start = characters = 0
    for i, text in enumerate(texts):
        characters += len(text) + 1
        if characters >= _BLOCK:
            yield start, i + 1
            start, characters = i + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _shingled(tokens: _Tokens, width: int) -> tuple[Hashes, Numbers]:
    """Hashes of all runs of `width` words in one text, and the numbers of their first words."""
    import numpy as np

    count = max(0, len(tokens.hashes) - width + 1)
    hashes = np.zeros(count, np.uint64)
    for i in range(width):
        hashes = hashes * np.uint64(_ODD) + tokens.hashes[i : i + count]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * np.uint64(_MIX)
    first = np.flatnonzero(tokens.texts[:count] == tokens.texts[width - 1 : width - 1 + count])
    return (hashes ^ (hashes >> np.uint64(29)))[first], first


def _tokenise(texts: Sequence[str], *, folded: bool = False) -> _Tokens:
    """Find the words of texts in normal form; `folded` texts have been through `fold`."""
    import numpy as np

    joined = "\n".join(texts)
    chars = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _alphabet().kinds_of(chars)
    bounds = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    unfolded = np.flatnonzero(kinds == _UNFOLDED)
    if len(unfolded) and not folded:
        wanted = set(np.searchsorted(bounds, unfolded, side="right").tolist())
        return _tokenise(
            [fold(text).text if i in wanted else text for i, text in enumerate(texts)], folded=True
        )
    kinds[unfolded] = _LETTER
    keep = _kept(kinds)
    if keep is not None:
        chars, kinds = chars[keep], kinds[keep]
    hashes, starts, ends = _words(chars, kinds)
    if keep is not None:
        starts, ends = keep[starts], keep[ends - 1] + 1
    return _Tokens(hashes, np.searchsorted(bounds, starts, side="right"), starts, ends)


def _kept(kinds: NDArray[np.uint8]) -> Numbers | None:
    """Where the characters stand that `fold` keeps; None for everywhere."""
    import numpy as np

    if not (kinds >= _MARKED).any():
        return None
    padded = np.pad((kinds == _LETTER) | (kinds == _SOLO), 1)
    inside = padded[:-2] & padded[2:]
    return np.flatnonzero((kinds != _DROPPED) & ((kinds != _MARKED) | inside))


def _words(chars: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> tuple[Hashes, Numbers, Numbers]:
    """Hashes and half-open offsets of the words."""
    import numpy as np

    letter, solo = np.pad((kinds == _LETTER) | (kinds == _SOLO), 1), np.pad(kinds == _SOLO, 1)
    begins = letter[1:] & (~letter[:-1] | solo[1:] | solo[:-1])
    starts = np.flatnonzero(begins[:-1])
    ends = np.flatnonzero(letter[1:-1] & (~letter[2:] | begins[1:])) + 1
    if not len(starts):
        return np.empty(0, np.uint64), starts, ends
    powers, inverse = _powers(max(12, len(chars).bit_length()))
    values = _alphabet().values[chars]
    values[~letter[1:-1]] = 0
    # A polynomial in the letters, divided by the power at which the word begins: the same wherever it stands.
    return np.add.reduceat(values * powers[: len(chars)], starts) * inverse[starts], starts, ends


@lru_cache(maxsize=4)
def _powers(bits: int) -> tuple[Hashes, Hashes]:
    import numpy as np

    up, down = (np.full(1 << bits, base, np.uint64) for base in (_BASE, pow(_BASE, -1, _MODULUS)))
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


class _Alphabet:
    """What each character is in normal form; learnt when first seen."""

    def __init__(self) -> None:
        import numpy as np

        self.kinds = np.zeros(0x110000, np.uint8)
        self.values = np.zeros(0x110000, np.uint64)

    def kinds_of(self, chars: NDArray[np.uint32]) -> NDArray[np.uint8]:
        import numpy as np

        kinds: NDArray[np.uint8] = self.kinds[chars]
        if not kinds.all():
            for code in np.unique(chars[kinds == _UNKNOWN]).tolist():
                self.kinds[code], self.values[code] = _learn(chr(code))
            kinds = self.kinds[chars]
        return kinds


@lru_cache(maxsize=1)
def _alphabet() -> _Alphabet:
    return _Alphabet()


def _learn(char: str) -> tuple[int, int]:
    """The kind of a character, and a number that stands for its letter."""
    if char in MARKUP:
        return _MARKED, 0
    if not char.isascii() and is_mark(char):
        return _UNFOLDED, _value(char)
    letter = folded_cluster(char, 0, 1)
    if not letter:
        return _DROPPED, 0
    if not any(each.isalnum() or is_mark(each) for each in letter):
        return _APART, 0
    if len(letter) > 1:
        return _UNFOLDED, _value(char)
    return _SOLO if is_solo(letter) else _LETTER, _value(letter)


def _value(letter: str) -> int:
    mixed = (ord(letter) + 1) * _BASE % _MODULUS
    return (mixed ^ (mixed >> 31)) * _MIX % _MODULUS
