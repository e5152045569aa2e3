"""The words that nobody may read in a persona: those of participants who did not allow to be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from persona_core.models.corpus import Corpus
from persona_core.text import is_solo, sentence_spans, words

_RUN, _SOLO_RUN = 6, 12
"""So many words in a row, or letters of a script without spaces, are somebody's own words."""


class Withheld:
    """Tells whether a text of a model's repeats what may not be quoted."""

    def __init__(self, corpus: Corpus, positions: Iterable[int]) -> None:
        """`positions` are the segments that the model read."""
        read = sorted(set(positions))
        secret = {run for i in read if not corpus.quotable(i) for run in _runs(corpus.columns.texts[i])}
        open_to_all = (
            run for i in read if secret and corpus.quotable(i) for run in _runs(corpus.columns.texts[i])
        )
        self._runs = secret.difference(open_to_all)

    def repeated_in(self, text: str) -> bool:
        """Whether a text repeats a run of such words."""
        return not self._runs.isdisjoint(_runs(text))

    def without(self, text: str) -> str:
        """A text without the sentences that do."""
        if not self.repeated_in(text):
            return text
        sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
        kept = " ".join(sentence for sentence in sentences if not self.repeated_in(sentence))
        return "" if self.repeated_in(kept) else kept


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    said = [word.casefold() for word in words(text)]
    solo = [len(word) == 1 and is_solo(word) for word in said]
    for start in range(len(said) - _RUN + 1):
        length = _SOLO_RUN if any(solo[start : start + _RUN]) else _RUN
        if start + length <= len(said):
            yield tuple(said[start : start + length])
