"""A text as it stands and as a reader of its format sees it: escapes, markup and codes undone, places kept.

Undoing is repeated until nothing is left to undo, so that disguises on top of each other come off, too.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from persona_core.auditing.disguises import places, plain

Piece = tuple[str, int, int]
"""Characters, and the half-open place of what stands for them all."""

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\}"
    r"|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[nrtbf\"'\\/]"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});|(?:%[0-9a-fA-F]{2})+"
)
_PLAIN = {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}
_CODED = re.compile(r"[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
_TAG = re.compile(
    r"<!--(?:[^<-]|<(?!!--)|-(?!->)){0,2000}+-->|<[/!?]?[A-Za-z][^<>]{0,500}>|(?<=[^\W_])[*`]{1,3}(?=[^\W_])",
    re.DOTALL,
)
_LINE = re.compile(
    r"</?(?:p|br|div|li|ul|ol|td|th|tr|table|h[1-6]|section|article|header|footer|blockquote|pre|hr|dt|dd|dl|option)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|del|em|font|i|ins|kbd|label|mark|q|s|small|span|strong|sub|sup|tt|u|var|wbr)\b",
    re.IGNORECASE,
)
_SIGNS = "<&%\\*`"
_ROUNDS = 12
_TEXT = 0.9
"""Of what a code says, so much has to be letters, digits, spaces and signs: else it is no text."""


@dataclass(frozen=True, slots=True)
class View:
    """A text in plain form, and where in the original each character stands."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets in the original of those in the view, start < end."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def views(text: str) -> list[View]:
    """The text in plain form and, where it holds escapes, codes or markup, without them, in each way they may be read."""
    tags: list[str] = []

    def kept(tag: str) -> str:
        tags.append(tag)
        return tag

    readings = [_bare(View(text)), read(text, kept)]
    if tags:
        readings[1:1] = [read(text), read(text, _nothing), read(text, _gap)]
    return list({view.text: view for view in reversed(readings)}.values())[::-1]


def read(text: str, tag: Callable[[str], str] | None = None) -> View:
    """Undo what can be undone; `tag` says what to put in the place of an element's tag, by default what its kind tells.

    Where it is the tag itself, the words of attributes and comments are read, too.
    """
    view = _bare(View(text))
    for _ in range(_ROUNDS):
        undone = _bare(_replaced(_replaced(view, _escapes), lambda told: _tags(told, tag or _by_kind)))
        # A code is read when nothing stands between its letters any more.
        undone = undone if undone.text != view.text else _bare(_decoded(view))
        if undone.text == view.text:
            break
        view = undone
    return view


def in_words(text: str) -> str:
    """What somebody said, as `read` gives it; what holds nothing to undo is told quickly."""
    return read(text).text if any(map(text.__contains__, _SIGNS)) else plain(text)


def in_line(tag: str) -> bool:
    """Whether a tag is of an element that stands within a sentence or a word."""
    return _INSIDE.match(tag) is not None


def _nothing(_: str) -> str:
    return ""


def _gap(tag: str) -> str:
    return " " if tag.startswith("<") else ""


def _by_kind(tag: str) -> str:
    return "\n" if _LINE.match(tag) else ""


def _bare(view: View) -> View:
    """Take accents, look-alikes and what cannot be seen out of a view."""
    kept = places(view.text)
    if kept is None:
        return view
    spans = [view.span(i, i + 1) for i in kept]
    return View(plain(view.text), tuple(start for start, _ in spans), tuple(end for _, end in spans))


def _replaced(view: View, found: Callable[[str], Iterator[Piece]]) -> View:
    """Put pieces in the place of what stands for them; they come in the order of the text."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0

    def copy(stop: int) -> None:
        out.append(view.text[at:stop])
        starts.extend(view.starts[at:stop] if view.starts is not None else range(at, stop))
        ends.extend(view.ends[at:stop] if view.ends is not None else range(at + 1, stop + 1))

    for chars, start, end in found(view.text):
        copy(start)
        at = end
        first, last = view.span(start, end)
        out.append(chars)
        starts.extend([first] * len(chars))
        ends.extend([last] * len(chars))
    if not at:
        return view
    copy(len(view.text))
    return View("".join(out), tuple(starts), tuple(ends))


def _escapes(text: str) -> Iterator[Piece]:
    for match in _ESCAPE.finditer(text):
        if match.group().startswith("%"):
            yield from _percent(match.group(), match.start())
        else:
            yield _character(match.group()), *match.span()


def _percent(escape: str, start: int) -> Iterator[Piece]:
    """Characters of `%C3%A9`, each with its own place; nothing where they are none."""
    try:
        chars = bytes.fromhex(escape.replace("%", "")).decode()
    except UnicodeDecodeError:
        return
    for char in chars:
        end = start + 3 * len(char.encode())
        yield char, start, end
        start = end


def _character(escape: str) -> str:
    if escape.startswith("&"):
        return html.unescape(escape)
    if escape[1] in "uUx":
        units = [int(each, 16) for each in re.findall(r"\\[uUx]\{?([0-9a-fA-F]+)", escape)]
        if len(units) == 2:
            return chr(0x10000 + ((units[0] - 0xD800) << 10) + units[1] - 0xDC00)
        return chr(units[0]) if units[0] < 0x110000 else " "
    return _PLAIN.get(escape[1], escape[1])


def _tags(text: str, tag: Callable[[str], str]) -> Iterator[Piece]:
    for match in _TAG.finditer(text):
        if (told := tag(match.group())) != match.group():
            yield told, *match.span()


def _decoded(view: View) -> View:
    return _replaced(_replaced(view, _hexadecimal), _base64)


def _hexadecimal(text: str) -> Iterator[Piece]:
    for match in _HEX.finditer(text):
        told = _as_text(bytes.fromhex(match.group()))
        yield from _placed(told, match.start(), 2, 1)


def _base64(text: str) -> Iterator[Piece]:
    for match in _CODED.finditer(text):
        yield from _base64_in(match.group(), match.start()) or (
            piece
            for line in re.finditer(r"\S+", match.group())
            for piece in _base64_in(line.group(), match.start() + line.start())
        )


def _base64_in(code: str, start: int) -> list[Piece]:
    """What a code says; it may begin a few letters behind a path or a word that stands before it."""
    letters_at = [i for i, char in enumerate(code) if char not in "\r\n="]
    letters = "".join(code[i] for i in letters_at).replace("-", "+").replace("_", "/")
    for skipped in range(4):
        whole = letters[skipped:]
        whole = whole[: len(whole) - (len(whole) % 4 == 1)]
        try:
            told = _as_text(base64.b64decode(whole + "=" * (-len(whole) % 4)))
        except (binascii.Error, ValueError):
            continue
        if told:
            at = [start + i for i in (*letters_at[skipped:], len(code))]
            return [(char, at[first], at[last]) for char, first, last in _placed(told, 0, 4, 3)]
    return []


def _placed(told: str, start: int, letters: int, octets: int) -> Iterator[Piece]:
    """Characters of a code of so many letters for so many octets; the places of two do not overlap."""
    done = 0
    for char in told:
        begin = -(-done * letters // octets)
        done += len(char.encode())
        yield char, start + begin, start + -(-done * letters // octets)


def _as_text(octets: bytes) -> str:
    """What octets say; nothing where they are no text."""
    try:
        told = octets.decode()
    except UnicodeDecodeError:
        return ""
    seen = plain(told)
    usual = sum(char.isalnum() or char.isspace() or " " < char <= "~" for char in seen)
    return told if usual >= _TEXT * max(1, len(seen)) else ""
