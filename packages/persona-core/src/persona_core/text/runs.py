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


class OwnWords:
    """What somebody said; what others said, too, is nobody's own."""

    def __init__(self, said: Iterable[str], others: Iterable[str] = ()) -> None:
        own = {run for text in said for run in runs(text)}
        self._runs = own.difference(run for text in others if own for run in runs(text))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._runs)

    def repeated_in(self, text: str, beside: Iterable[str] = ()) -> bool:
        """Whether a text repeats some of them that do not also stand in the texts `beside` it."""
        hit = self._runs.intersection(runs(text)) if self._runs else set()
        return bool(hit) and not hit <= {run for each in beside for run in runs(each)}

    def left_out_of(self, text: str) -> str:
        """A text without the sentences that repeat them."""
        if not self.repeated_in(text):
            return text
        sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
        kept = " ".join(sentence for sentence in sentences if not self.repeated_in(sentence))
        return "" if self.repeated_in(kept) else kept
