"""Whose own words a text repeats: runs of words that somebody said and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from persona_core.text.wording import is_solo, sentence_spans, words

RUN, _SOLO_RUN = 5, 12
"""So many words in a row, or letters of a script without spaces, are somebody's own words."""
Run = tuple[str, ...]


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
    """What somebody said; what others said, too, is nobody's own."""

    def __init__(self, said: Iterable[str], others: Iterable[str] = (), hashes: Iterable[int] = ()) -> None:
        """`hashes` are of more such words, which are not at hand any more."""
        own = {each for text in said for each in _hashes(text)}
        self.hashes = own.difference(each for text in others if own for each in _hashes(text)).union(hashes)
        """Of the runs of their words, good for this process only: what is told apart need not be kept."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.hashes)

    def repeated_in(self, text: str, beside: Iterable[str] = ()) -> bool:
        """Whether a text repeats some of them that do not also stand in the texts `beside` it."""
        hit = self.hashes.intersection(_hashes(text)) if self.hashes else set()
        return bool(hit) and not hit <= {each for other in beside for each in _hashes(other)}

    def left_out_of(self, text: str) -> str:
        """A text without the sentences that repeat them."""
        if not self.repeated_in(text):
            return text
        sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
        kept = " ".join(sentence for sentence in sentences if not self.repeated_in(sentence))
        return "" if self.repeated_in(kept) else kept
