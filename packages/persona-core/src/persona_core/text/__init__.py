"""Words, sentences, stems, normal form, and finding a quote in a text."""

from persona_core.text.folding import MARKUP, Folded, fold, folded_cluster, is_mark
from persona_core.text.quoting import NEAR, Match, locate, parts_of
from persona_core.text.runs import RUN, OwnWords, Run, runs
from persona_core.text.wording import (
    STOP_WORDS,
    content_stems,
    is_solo,
    sentence_spans,
    some_of,
    stem,
    trim,
    with_s,
    word_spans,
    words,
)

__all__ = [
    "MARKUP",
    "NEAR",
    "RUN",
    "STOP_WORDS",
    "Folded",
    "Match",
    "OwnWords",
    "Run",
    "content_stems",
    "fold",
    "folded_cluster",
    "is_mark",
    "is_solo",
    "locate",
    "parts_of",
    "runs",
    "sentence_spans",
    "some_of",
    "stem",
    "trim",
    "with_s",
    "word_spans",
    "words",
]
