"""How an outgoing text is read: its sentences, and its words behind the escapes of its format."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from persona_core.text import sentence_spans, trim, words

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"
    r"|\\[nrtbf\"'\\/]|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
)
_PLAIN = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
_PART = re.compile(r"\n|(?:\\[nr])+|\"\s*[,:\]}]+\s*[\[{]*\s*\"?|</?[A-Za-z][^<>]*>")
"""Where a sentence ends whatever stands there: a line, a string of JSON, an element of a page."""
_LEAST_WORDS = 3
"""Fewer words are a label, and no sentence unless something is wrong with them."""


@dataclass(frozen=True, slots=True)
class View:
    """A text without its escapes, and where in the original each character stands."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets in the original of those in the view, start < end."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def views(text: str) -> list[View]:
    """The text as it stands and, where it holds escapes, as a reader of its format sees it."""
    plain = unescaped(text)
    return [View(text)] if plain.text == text else [View(text), plain]


def unescaped(text: str) -> View:
    """Put the characters in the place of escapes as JSON, YAML and HTML know them."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(char: str, start: int, end: int) -> None:
        out.append(char)
        starts.append(start)
        ends.append(end)

    at = 0
    for match in _ESCAPE.finditer(text):
        for i in range(at, match.start()):
            put(text[i], i, i + 1)
        for char in _character(match.group()):
            put(char, match.start(), match.end())
        at = match.end()
    if not at:
        return View(text)
    for i in range(at, len(text)):
        put(text[i], i, i + 1)
    return View("".join(out), tuple(starts), tuple(ends))


def _character(escape: str) -> str:
    if escape.startswith("&"):
        return html.unescape(escape)
    if escape[1] in "ux":
        units = [int(each, 16) for each in re.findall(r"\\[ux]([0-9a-fA-F]+)", escape)]
        if len(units) == 2:
            return chr(0x10000 + ((units[0] - 0xD800) << 10) + units[1] - 0xDC00)
        return chr(units[0])
    return _PLAIN.get(escape[1], escape[1])


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of everything between ends of sentences, lines and strings that holds a letter or digit."""
    parts, start = [], 0
    for match in _PART.finditer(text):
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
