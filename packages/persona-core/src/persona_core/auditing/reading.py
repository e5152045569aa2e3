"""Where the sentences of an outgoing text are."""

from __future__ import annotations

import re

from persona_core.auditing.views import in_line
from persona_core.text import sentence_spans, trim, words

_PART = re.compile(r"\n|(?:\\[nr])+|\"\s*[,:\]}]+\s*[\[{]*\s*\"?|</?[A-Za-z][^<>]*>")
"""Where a sentence ends whatever stands there: a line, a string of JSON, an element of a page."""
_LEAST_WORDS = 3
"""Fewer words are a label, and no sentence unless something is wrong with them."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of everything between ends of sentences, lines and strings that holds a letter or digit."""
    parts, start = [], 0
    for match in _PART.finditer(text):
        inside = (
            text[match.start() - 1 : match.start()].isalnum()
            and text[match.end() : match.end() + 1].isalnum()
        )
        if match.group().startswith("<") and (inside or in_line(match.group())):
            continue
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, len(text)))
    spans = []
    for begin, stop in parts:
        for a, b in sentence_spans(text[begin:stop]):
            span = trim(text, begin + a, begin + b)
            if span and any(char.isalnum() for char in text[span[0] : span[1]]):
                spans.append(span)
    return spans


def is_sentence(text: str) -> bool:
    """Whether a piece of a text has enough words to say something."""
    return len(words(text)) >= _LEAST_WORDS
