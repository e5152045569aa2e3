"""Whose own words a text repeats: runs of words that somebody said and nobody else."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from persona_core.text.wording import is_solo, sentence_spans, words

RUN, _SOLO_RUN = 5, 12
"""So many words in a row, or letters of a script without spaces, are somebody's own words."""
Run = tuple[str, ...]
_BLOCK = 1_000_000
"""Hashes that are brought into order at once."""


def runs(text: str) -> Iterator[Run]:
    """Give every run of words of a text, case and punctuation apart; of a shorter text of several words, all of it."""
    said = [word.casefold() for word in words(text)]
    solo = [len(word) == 1 and is_solo(word) for word in said]
    if 1 < len(said) < RUN:
        yield tuple(said)
    for start in range(len(said) - RUN + 1):
        length = _SOLO_RUN if any(solo[start : start + RUN]) else RUN
        if start + length <= len(said):
            yield tuple(said[start : start + length])


def _hashes(text: str) -> Iterator[int]:
    return map(hash, runs(text))


class OwnWords:
    """What somebody said; what others said, too, is nobody's own.

    Runs are kept as their hashes, sorted: those of a million segments are a few hundred megabytes.
    """

    def __init__(self, said: Iterable[str], others: Iterable[str] = (), hashes: Iterable[int] = ()) -> None:
        """`hashes` are of more such words, which are not at hand any more."""
        own = _distinct(_blocks(said))
        for block in _blocks(others) if own else ():
            own = _without(own, block)
        more = array("q", hashes)
        self.hashes = _distinct([own, more]) if more else own
        """Of the runs of their words, in order; good for this process only: what is told apart need not be kept."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.hashes)

    def repeated_in(self, text: str, beside: Iterable[str] = ()) -> bool:
        """Whether a text repeats some of them that do not also stand in the texts `beside` it."""
        hit = {run for run in _hashes(text) if _stands_in(self.hashes, run)} if self.hashes else set()
        return bool(hit) and not hit <= {each for other in beside for each in _hashes(other)}

    def left_out_of(self, text: str) -> str:
        """A text without the sentences that repeat them."""
        if not self.repeated_in(text):
            return text
        sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
        kept = " ".join(sentence for sentence in sentences if not self.repeated_in(sentence))
        return "" if self.repeated_in(kept) else kept


def _blocks(texts: Iterable[str]) -> Iterator[array[int]]:
    """The hashes of all runs of some texts, many at a time."""
    block = array("q")
    for text in texts:
        block.extend(_hashes(text))
        if len(block) >= _BLOCK:
            yield block
            block = array("q")
    yield block


def _distinct(blocks: Iterable[array[int]]) -> array[int]:
    """All hashes of some blocks in order, each once."""
    import numpy as np

    parts = [np.unique(np.frombuffer(block, np.int64)) for block in blocks if block]
    return array("q", np.unique(np.concatenate(parts)).tobytes()) if parts else array("q")


def _without(own: array[int], others: array[int]) -> array[int]:
    import numpy as np

    left = np.setdiff1d(np.frombuffer(own, np.int64), np.frombuffer(others, np.int64))
    return array("q", left.tobytes())


def _stands_in(sorted_numbers: Sequence[int], number: int) -> bool:
    at = bisect_left(sorted_numbers, number)
    return at < len(sorted_numbers) and sorted_numbers[at] == number
