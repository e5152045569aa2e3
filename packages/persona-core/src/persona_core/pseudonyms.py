"""Names, ids and addresses to stable tokens before a prompt leaves, and back when the answer comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from persona_core.models.corpus import Corpus
from persona_core.text import STOP_WORDS

_ADDRESSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "URL",
        re.compile(
            r"(?:https?://|www\.)[^\s<>\"')\]]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|edu|gov|uk|de|fr|info)(?:/[^\s<>\"')\]]*)?\b"
        ),
    ),
    ("HANDLE", re.compile(r"(?<![\w.@])@[A-Za-z_][\w.]{2,30}\b")),
    ("PHONE", re.compile(r"(?<![\w.])(?=(?:\D?\d){7,15}(?!\d))\+?\(?\d[\d() ./-]{5,20}\d(?![\w])")),
)
_AT = ("EMAIL", "HANDLE")
"""Addresses that hold an @: without one there is no need to look."""
_INTRODUCED = re.compile(
    r"\b(?i:my name is|my name's|name is|this is|i'm|i am|i’m|call me|here with|joined by|(?:talking|speaking) (?:to|with)|welcome|hi|hello|hey|thanks|thank you"
    r"|(?:my|our) (?:friend|colleague|boss|manager|wife|husband|partner|son|daughter|brother|sister|mother|father|mum|mom|dad|neighbour|neighbor|assistant)),? "
    r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)
_NO_NAME = frozenset(
    """the and from here there everyone everybody folks guys all sir madam again very so just not really also currently mainly
    ai gpt chatgpt claude gemini google english german french spanish american british monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december participant interviewer user speaker
    assistant moderator researcher project manager marketing""".split()
)


_IS_NAMED = re.compile(
    r"\b(?i:my name is|my name's|my name’s|i am|i'm|i’m|this is) [A-Z][\w'’-]+ [A-Z][\w'’-]+"
)


def identifies(text: str) -> bool:
    """Whether a text says who somebody is: an address, a number to call, or a full name by which they introduce themselves."""
    return any(pattern.search(text) for _, pattern in _ADDRESSES) or _IS_NAMED.search(text) is not None


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
        names = sorted(set(_names(corpus)), key=lambda name: (-len(name), name))
        for name in names:
            self._register("NAME", name)
        self._codes = {person.code: f"P{number}" for number, person in enumerate(corpus.people, 1)}
        self._codes_back = {token: code for code, token in self._codes.items()}
        self._names = _any_of(names, _ordinary(corpus, names))
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
        for kind, pattern in _ADDRESSES:
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


def _names(corpus: Corpus) -> Iterable[str]:
    """The words of every name by which the data calls somebody, and the parts of double names."""
    for word in _name_words(corpus):
        yield word
        if "-" in word:
            yield from (part for part in word.split("-") if len(part) > 2)


def _name_words(corpus: Corpus) -> Iterable[str]:
    # A participant's own label is a name whatever it looks like; a file's name or a row's number is none.
    for person in corpus.people:
        if not re.search(r"[.\d]| in |, ", person.label):
            yield from re.findall(r"[^\W\d_][\w'’-]*", person.label)
    yield from (word.capitalize() for word in corpus.withheld if len(word) > 2 and word not in STOP_WORDS)
    called = [speaker.label for source in corpus.sources for speaker in source.speakers]
    called += [match["name"] for text in corpus.columns.texts for match in _INTRODUCED.finditer(text)]
    for name in called:
        for word in re.findall(r"[^\W\d_][\w'’-]+", name):
            plain = word.casefold().removesuffix("'s").removesuffix("’s")
            if word[0].isupper() and len(plain) > 1 and plain not in _NO_NAME and plain not in STOP_WORDS:
                yield word.removesuffix("'s").removesuffix("’s")


def _ordinary(corpus: Corpus, names: Iterable[str]) -> frozenset[str]:
    """Names that are ordinary words here, too (`Will`, `Hit`): they stand in small letters more often than not."""
    wanted = {name.casefold() for name in names}
    small: Counter[str] = Counter()
    for text in corpus.columns.texts if wanted else ():
        for word in re.findall(r"[^\W\d_][\w'’-]+", text):
            if word.casefold() in wanted:
                small[word.casefold()] += 1 if word[0].islower() else -1
    return frozenset(word for word, balance in small.items() if balance > 0)


def _any_of(names: Iterable[str], ordinary: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern for whole names, longest first; in any case, but for those that are ordinary words."""
    patterns = [
        re.escape(name) if name.casefold() in ordinary else f"(?i:{re.escape(name)})" for name in names
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else None
