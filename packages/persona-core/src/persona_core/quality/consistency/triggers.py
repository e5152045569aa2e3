"""Which phrases can stand in a sentence at all, told by the beginnings of its words: most rows need no look at most sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

_START = 3
"""Letters of a word that are compared."""
_COMMON = frozenset(
    "is am a an my in on at by to of or as it no his her the and for has hav wit are the not our you all any one two own fro out off tha who was bee doe don can".split()
)
_PIECE = re.compile(r"\((?:\?[:!=<]+)?|\)|\||\[[^\]]*\]|\{[^}]*\}|\\.|[a-z0-9]+|.", re.DOTALL)
_GROUPS = ("(", "(?:")
_SEPARATORS = (" ", "-", "'", "^", ",")
_WORD = re.compile(r"[a-z0-9]+")
Starts = frozenset[str]
T = TypeVar("T")


class Triggered(Generic[T]):
    """Things in their order, looked up by the beginnings of words of which each needs one."""

    def __init__(self, given: Iterable[tuple[Starts | None, T]]) -> None:
        self._things: list[T] = []
        self._always: set[int] = set()
        self._by_start: dict[str, list[int]] = defaultdict(list)
        for number, (needed, thing) in enumerate(given):
            self._things.append(thing)
            if needed is None:
                self._always.add(number)
            for start in needed or ():
                self._by_start[start].append(number)

    def among(self, begun: Starts) -> list[T]:
        """Those that words with these beginnings may be."""
        found = self._always.union(*(self._by_start[start] for start in begun & self._by_start.keys()))
        return [self._things[number] for number in sorted(found)]


def starts(text: str) -> Starts:
    """The beginnings of the words of a plain text."""
    return frozenset(word[:_START] for word in _WORD.findall(text))


def triggers(written: Iterable[str]) -> Starts | None:
    """Beginnings of words of which each phrase needs one; nothing where a phrase may do without."""
    found: set[str] = set()
    for phrase in written:
        needed = _needed(_PIECE.findall(phrase))
        if needed is None:
            return None
        found |= needed
    return frozenset(found)


def _needed(pieces: list[str], glued: bool = False) -> Starts | None:
    """For a pattern in pieces, the best set of beginnings one of which it cannot do without."""
    ways = [_best(_units(way, glued)) for way in _split(pieces)]
    known = [way for way in ways if way is not None]
    return frozenset().union(*known) if len(known) == len(ways) else None


def _best(units: Iterator[Starts]) -> Starts | None:
    return min(units, key=lambda unit: (bool(unit & _COMMON), len(unit), sorted(unit)), default=None)


def _units(pieces: list[str], glued: bool) -> Iterator[Starts]:
    """What the pattern cannot do without; `glued` says whether its first letter may stand inside a word."""
    i = 0
    while i < len(pieces):
        piece, end = pieces[i], i
        if piece.startswith("("):
            end = _closing(pieces, i)
            inside, optional = pieces[i + 1 : end], _may_miss(pieces, end)
            if piece in _GROUPS:
                needed = None if optional else _needed(inside, glued)
                if needed is not None:
                    yield needed
                spaced = all(way and way[-1] == " " for way in _split(inside))
                glued = not spaced or (optional and glued)
        elif _WORD.fullmatch(piece):
            sure = piece[:-1] if _may_miss(pieces, i) else piece
            whole = pieces[i + 1 : i + 2] in ([], [" "])
            if not glued and (len(sure) >= _START or whole):
                yield frozenset({sure[:_START]})
            glued = True
        elif piece in _SEPARATORS:
            glued = _may_miss(pieces, i)
        elif piece not in ("?", "*", "+") and not piece.startswith("{"):
            glued = True
        i = end + 1


def _may_miss(pieces: list[str], at: int) -> bool:
    """Whether a quantifier after a piece lets it be missing."""
    after = pieces[at + 1] if at + 1 < len(pieces) else ""
    return after in ("?", "*") or after.startswith("{0")


def _split(pieces: list[str]) -> list[list[str]]:
    ways: list[list[str]] = [[]]
    depth = 0
    for piece in pieces:
        depth += piece.startswith("(") - (piece == ")")
        if piece == "|" and depth == 0:
            ways.append([])
        else:
            ways[-1].append(piece)
    return ways


def _closing(pieces: list[str], at: int) -> int:
    depth = 0
    for i in range(at, len(pieces)):
        depth += pieces[i].startswith("(") - (pieces[i] == ")")
        if depth == 0:
            return i
    raise ValueError("a bracket of a phrase is not closed: " + "".join(pieces))
