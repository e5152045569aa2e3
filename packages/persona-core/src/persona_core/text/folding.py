"""Normal form: what two quotes that differ in case, white space and typography only have in common."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FOLD = {
    **dict.fromkeys("‘’‚‛ʼ´′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "…": "...",
}
MARKUP = frozenset("*`#>_~")
"""Left out of the normal form, but between two letters or digits."""
_PLAIN = re.compile(r"[A-Za-z0-9,.;:!?'\"]+(?: [A-Za-z0-9,.;:!?'\"]+)*(?![^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in normal form, and where in the original each of its characters comes from."""

    text: str
    offsets: tuple[int, ...]
    """Where the i-th character of `text` begins in the original."""
    ends: tuple[int, ...]
    """And where it ends there; several characters may share a place, as those of `ß` do."""


def fold(text: str) -> Folded:
    """Normalise case, white space, quotation marks, dashes, Unicode forms and markdown, keeping offsets.

    Two texts that differ in nothing else have the same `text`; dashes stand without space around them.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i, size = 0, len(text)
    while i < size:
        if plain := _PLAIN.match(text, i):
            j = plain.end()
            out.extend(plain.group().lower())
            starts.extend(range(i, j))
            ends.extend(range(i + 1, j + 1))
        else:
            j = i + 1
            while j < size and not text[j].isascii() and is_mark(text[j]):
                j += 1
            for char in folded_cluster(text, i, j):
                _put(char, i, j, out, starts, ends)
        i = j
    if out and out[-1] == " ":
        out.pop(), starts.pop(), ends.pop()
    return Folded("".join(out), tuple(starts), tuple(ends))


def _put(char: str, i: int, j: int, out: list[str], starts: list[int], ends: list[int]) -> None:
    """Append one character in normal form that stands at `i` to `j`."""
    last = out[-1] if out else " "
    if char == " " and last in " -":
        return
    if char == "-" and last == " " and out:
        out[-1], starts[-1], ends[-1] = char, i, j
        return
    if char == "-" and last == "-":
        ends[-1] = j
        return
    out.append(char)
    starts.append(i)
    ends.append(j)


def is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it: a combining mark, or a part of a Hangul syllable."""
    return unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"


def folded_cluster(text: str, i: int, j: int) -> str:
    """Normalise one character with its combining marks; nothing where it is markup."""
    char = text[i]
    if char in _FOLD and j == i + 1:
        return _FOLD[char]
    if char.isspace():
        return " "
    if char in MARKUP:
        inside = i > 0 and (text[i - 1].isalnum() or is_mark(text[i - 1])) and text[j : j + 1].isalnum()
        return char.replace("`", "'") if inside else ""
    if char.isascii() and j == i + 1:
        return char.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[i:j]).casefold())
    return "".join(_FOLD.get(each, " " if each.isspace() else each) for each in folded)
