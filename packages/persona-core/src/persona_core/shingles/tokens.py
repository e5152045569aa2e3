"""Words of texts as numbers: found, folded and hashed many at once.

Words are parted at everything that is no letter or digit: `don't` is two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from persona_core.text import MARKUP, fold, folded_cluster, is_mark, is_solo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

_BLOCK = 1_000_000
"""Characters that are tokenised at once."""
_BASE, _ODD, _MIX = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MODULUS = 1 << 64
_UNKNOWN, _APART, _LETTER, _SOLO, _MARKED, _DROPPED, _UNFOLDED = range(7)
"""Kinds of characters; the last has to go through `fold` before it can be told."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words: a hash of each, its text, and half-open offsets into the texts joined by one character."""

    hashes: Hashes
    texts: Numbers
    starts: Numbers
    ends: Numbers


def tokens_of(text: str) -> Tokens:
    """Find the words of one text, with their offsets into it as it is."""
    import numpy as np

    folded = fold(text)
    tokens = tokenise([folded.text], folded=True)
    starts = np.asarray(folded.offsets, np.int64)[tokens.starts]
    ends = np.asarray(folded.ends, np.int64)[tokens.ends - 1]
    return Tokens(tokens.hashes, tokens.texts, starts, ends)


def blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut texts into half-open ranges of about `_BLOCK` characters."""
    start = characters = 0
    for i, text in enumerate(texts):
        characters += len(text) + 1
        if characters >= _BLOCK:
            yield start, i + 1
            start, characters = i + 1, 0
    if start < len(texts):
        yield start, len(texts)


def shingled(tokens: Tokens, width: int) -> tuple[Hashes, Numbers]:
    """Hashes of all runs of `width` words in one text, and the numbers of their first words."""
    import numpy as np

    count = max(0, len(tokens.hashes) - width + 1)
    hashes = np.zeros(count, np.uint64)
    for i in range(width):
        hashes = hashes * np.uint64(_ODD) + tokens.hashes[i : i + count]
    hashes = (hashes ^ (hashes >> np.uint64(32))) * np.uint64(_MIX)
    first = np.flatnonzero(tokens.texts[:count] == tokens.texts[width - 1 : width - 1 + count])
    return (hashes ^ (hashes >> np.uint64(29)))[first], first


def tokenise(texts: Sequence[str], *, folded: bool = False) -> Tokens:
    """Find the words of texts in normal form; `folded` texts have been through `fold`."""
    import numpy as np

    joined = "\n".join(texts)
    chars = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _alphabet().kinds_of(chars)
    bounds = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    unfolded = np.flatnonzero(kinds == _UNFOLDED)
    if len(unfolded) and not folded:
        wanted = set(np.searchsorted(bounds, unfolded, side="right").tolist())
        return tokenise(
            [fold(text).text if i in wanted else text for i, text in enumerate(texts)], folded=True
        )
    kinds[unfolded] = _LETTER
    keep = _kept(kinds)
    if keep is not None:
        chars, kinds = chars[keep], kinds[keep]
    hashes, starts, ends = _words(chars, kinds)
    if keep is not None:
        starts, ends = keep[starts], keep[ends - 1] + 1
    return Tokens(hashes, np.searchsorted(bounds, starts, side="right"), starts, ends)


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
