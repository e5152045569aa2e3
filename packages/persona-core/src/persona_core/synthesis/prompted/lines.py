"""Words of a corpus as they may leave: hidden, on one line each, in pieces that fit a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from persona_core.models.corpus import NONE, Corpus
from persona_core.pseudonyms import Pseudonyms

CHARS_A_TOKEN = 3.5
"""Of English in common tokenisers 4 to 4.5; fewer here, so that a plan is rather too careful."""
_LINE_TOKENS = 14
"""A line's alias, and its share of the participant's heading."""
_QUESTION_TOKENS = 120
"""Most of a question's wording that is sent."""
_END = re.compile(r"[.!?…]\s|[。！？]")
_TOKEN = re.compile(r"\[[A-Z]+_?\d+\]")
_FENCE = re.compile(r"<(?=/?\s*data)", re.IGNORECASE)


class Piece(NamedTuple):
    """A segment in a prompt, or as much of a long one as stands on one line."""

    position: int
    """Of the segment in the corpus."""
    start: int
    end: int
    """Half-open offsets into the words as they leave."""
    tokens: int
    """Estimated, of the whole line."""


def tokens(text: str) -> int:
    """Estimate the tokens of a text, rather too many: of other letters than ASCII each is one, beyond U+FFFF two.

    No UTF-8 text has more than 3.5 bytes for each of these.
    """
    if text.isascii():
        return int(len(text) / CHARS_A_TOKEN) + 1
    plain = len(text.encode("ascii", "ignore"))
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return int(plain / CHARS_A_TOKEN) + 1 + units - plain


def clipped(text: str, most: int) -> str:
    """A text of at most so many tokens, its end cut off where it has more."""
    return text if tokens(text) <= most else text[: _reach(text, 0, most - 2)].rstrip() + "…"


class Lines:
    """The words of a corpus as they leave; the same each time."""

    def __init__(self, corpus: Corpus, pseudonyms: Pseudonyms | None = None) -> None:
        """Without `pseudonyms` words go as they are."""
        self.corpus, self.pseudonyms = corpus, pseudonyms
        self._question_tokens: dict[int, int] = {NONE: 0}

    def hidden(self, text: str) -> str:
        """Any text on one line, without names where that is asked for, unable to end the data."""
        safe = self.pseudonyms.hide(text) if self.pseudonyms else text
        return _FENCE.sub("< ", " ".join(safe.split()))

    def shown(self, text: str) -> str:
        """The names back in what came from a model."""
        return self.pseudonyms.show(text) if self.pseudonyms else text

    def text(self, piece: Piece) -> str:
        """The words of a piece."""
        return self.hidden(self.corpus.columns.texts[piece.position])[piece.start : piece.end].strip()

    def question(self, code: int) -> str:
        """The wording of a question, its end cut off where it is very long."""
        return clipped(self.hidden(self.corpus.columns.questions[code]), _QUESTION_TOKENS)

    def question_tokens(self, code: int) -> int:
        """Estimate the tokens of a question's line; none where nothing was asked."""
        if code not in self._question_tokens:
            self._question_tokens[code] = tokens(self.question(code)) + _LINE_TOKENS
        return self._question_tokens[code]

    def pieces(self, position: int, most: int) -> Iterator[Piece]:
        """Cut a segment into pieces of at most so many tokens, at the end of a sentence or word where there is one."""
        text = self.hidden(self.corpus.columns.texts[position])
        whole = tokens(text) + _LINE_TOKENS
        if whole <= most:
            yield Piece(position, 0, len(text), whole)
            return
        start = 0
        while start < len(text):
            end = _cut(text, start, max(1, most - _LINE_TOKENS - 1))
            yield Piece(position, start, end, tokens(text[start:end]) + _LINE_TOKENS)
            start = end


def _reach(text: str, start: int, most: int) -> int:
    """The offset up to which a text from `start` on has at most so many tokens; never none of it."""
    used = 0.0
    for at in range(start, len(text)):
        used += 1 / CHARS_A_TOKEN if text[at] < "\x80" else 1 + (text[at] > "\uffff")
        if used > most:
            return max(at, start + 1)
    return len(text)


def _cut(text: str, start: int, most: int) -> int:
    """Where a piece from `start` on ends: behind a sentence or a word of its last quarter, and in no token."""
    end = _reach(text, start, most)
    if end == len(text):
        return end
    low = start + 3 * (end - start) // 4
    ends = [match.end() for match in _END.finditer(text, low, end)]
    end = ends[-1] if ends else max(text.rfind(" ", low, end) + 1, 0) or end
    inside = (token for token in _TOKEN.finditer(text, start, end + 20) if token.start() < end < token.end())
    return next((token.start() for token in inside if token.start() > start), end)
