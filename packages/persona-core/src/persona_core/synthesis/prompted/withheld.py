"""The words that nobody may read in a persona: those of participants who did not allow to be quoted."""

from __future__ import annotations

from collections.abc import Iterable

from persona_core.models.corpus import Corpus
from persona_core.text import OwnWords


def withheld(corpus: Corpus, positions: Iterable[int]) -> OwnWords:
    """Those among the segments that a model read, at these positions."""
    read, texts = sorted(set(positions)), corpus.columns.texts
    return OwnWords(
        (texts[i] for i in read if not corpus.quotable(i)), (texts[i] for i in read if corpus.quotable(i))
    )
