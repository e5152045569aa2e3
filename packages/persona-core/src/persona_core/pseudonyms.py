"""Names, ids and addresses to stable tokens before a prompt leaves, and back when the answer comes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from persona_core.models.corpus import Corpus
from persona_core.naming import ADDRESSES, names_in, ordinary
from persona_core.text import is_solo

_AT = ("EMAIL", "HANDLE")
"""Addresses that hold an @: without one there is no need to look."""


class Pseudonyms:
    """A two-way map between what identifies people in a corpus and tokens that do not.

    The map stays in this process. The same corpus gives the same tokens.
    """

    def __init__(self, corpus: Corpus) -> None:
        """Learn the names of participants and interviewers: labels, ids, and who introduces themselves or is greeted."""
        self._token: dict[str, str] = {}
        self._original: dict[str, str] = {}
        self._taken: dict[str, int] = {}
        self._hidden: dict[str, str] = {}
        names = sorted(set(names_in(corpus)), key=lambda name: (-len(name), name))
        for name in names:
            self._register("NAME", name)
        self._codes = {person.code: f"P{number}" for number, person in enumerate(corpus.people, 1)}
        self._codes_back = {token: code for code, token in self._codes.items()}
        self._names = _any_of(names, ordinary(corpus, names))
        ids = sorted(
            (code for code in self._codes if len(code) > (4 if code.isdecimal() else 1)),
            key=len,
            reverse=True,
        )
        self._ids = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ids))})(?!\w)") if ids else None

    def hide(self, text: str) -> str:
        """Replace names, ids, e-mail and web addresses, phone numbers and handles by tokens."""
        hidden = self._hidden.get(text)
        if hidden is None:
            hidden = self._hidden[text] = self._without(text)
        return hidden

    def _without(self, text: str) -> str:
        for kind, pattern in ADDRESSES:
            if kind in _AT and "@" not in text:
                continue
            text = pattern.sub(lambda match, kind=kind: self._register(kind, match.group()), text)  # type: ignore[misc]
        if self._names is not None:
            text = self._names.sub(lambda match: self._token[match.group().casefold()], text)
        if self._ids is not None:
            text = self._ids.sub(lambda match: f"[{self._codes[match.group()]}]", text)
        return text

    def show(self, text: str) -> str:
        """Put the originals back for the tokens of a text."""
        text = re.sub(
            r"\[(?:NAME|EMAIL|URL|HANDLE|PHONE)_\d+\]",
            lambda match: self._original.get(match.group(), match.group()),
            text,
        )
        return re.sub(r"\[(P\d+)\]", lambda match: self._codes_back.get(match[1], match.group()), text)

    def _register(self, kind: str, original: str) -> str:
        key = original.casefold()
        token = self._token.get(key)
        if token is None:
            self._taken[kind] = self._taken.get(kind, 0) + 1
            token = self._token[key] = f"[{kind}_{self._taken[kind]}]"
            self._original[token] = original
        return token


def _any_of(names: Iterable[str], ordinary: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern for whole names, longest first; in any case, but for those that are ordinary words."""
    patterns = [
        _whole(name, re.escape(name) if name.casefold() in ordinary else f"(?i:{re.escape(name)})")
        for name in names
    ]
    return re.compile("|".join(patterns)) if patterns else None


def _whole(name: str, pattern: str) -> str:
    """A pattern with no letter beside it; in scripts without spaces other words stand there, and one letter is none."""
    before = "" if len(name) > 1 and is_solo(name[0]) else r"(?<!\w)"
    return before + pattern + ("" if len(name) > 1 and is_solo(name[-1]) else r"(?!\w)")
