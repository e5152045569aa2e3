"""What in a text says who somebody is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from persona_core.auditing.disguises import plain
from persona_core.auditing.rows import Rows, exact_dates
from persona_core.auditing.said import Said
from persona_core.models.audit import Severity
from persona_core.models.corpus import Corpus
from persona_core.naming import ADDRESSES, names_in
from persona_core.text import STOP_WORDS

_KINDS = {
    "EMAIL": "an e-mail address",
    "URL": "a web address",
    "HANDLE": "a handle",
    "PHONE": "a phone number",
}
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")
_NO_PHONE = re.compile(r"(?:\d{1,3} ?[-–/] ?\d{1,3}[ /,.]*)+|(?:(?:19|20)\d\d[ -/]*)+|\d+(?:\.\d+)?")
"""Bands of ages, years, and plain numbers."""
_WORD = re.compile(r"[^\W_][\w'’.@-]*")
_NUMBERED = re.compile(r"(?<![^\W_])([A-Za-z]{1,20})([ _-]?)(\d{1,12})(?![^\W_])")
_JOINT, _PART = re.compile(r"[.@_-]"), re.compile(r"[^.@_-]+")
_PROPER = re.compile(r"[A-Z](?<=[a-z,;] .)[\w’'&-]+")
"""It begins with the capital, and looks back from there: several times as fast over a million texts."""
_BEFORE, _AFTER = re.compile(r"\b([A-Z][^\W_]+)[ ]$"), re.compile(r"[ ]([A-Z][^\W_]+)")
_NEAR = 40
"""Characters that are looked at beside a name."""
_ALSO_WORDS = frozenset(
    """
    will hope mark grace rose bill may april june august faith joy art dean frank grant jack pat rich rob sue ray guy chase
    drew hunter page penny pearl ruby amber ivy lily daisy violet summer autumn dawn eve star sky angel christian mason
    carter cook baker smith taylor miller fisher potter king young white black brown green gray grey long short best bell
    bush day field ford hall hill house lane law love moon park price rice stone street ward wood woods west north wells
    victor major earl duke prince max gene dale glen cliff heath basil ginger olive iris holly jasmine melody harmony
    charity patience constance prudence mercy trinity destiny chance rocky sandy sunny happy lucky jean denim jimmy nick
    don harry josh miles marina georgia china paris chelsea brook brooke reed reid skip chip buck bud chuck crystal tiffany
    """.split()
)
"""Names that are words, too: in small letters or at the beginning of a sentence they say nothing."""
_NO_PLACE = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july september
    october november december christmas easter english british american european internet god ok okay tv pc it hr ux ui pdf
    faq ceo cto executive director president professor doctor chief officer manager engineer scientist captain university
    college school hospital company street road department team project ai api app url id uk us usa eu gps sms wifi wi-fi bluetooth excel google youtube facebook whatsapp
    """.split()
)
"""Said by whomever, they say nothing of who it was."""
_GERMAN = 0.08
"""Share of capitals in mid-sentence above which a language writes its nouns so."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A span of a text that says who somebody is, by half-open offsets."""

    start: int
    end: int
    severity: Severity
    what: str
    """What it is, in words."""
    direct: bool = True


class Identifiers:
    """What identifies people in a corpus, learnt from all of it."""

    def __init__(self, corpus: Corpus, said: Said, k: int) -> None:
        self._k = k
        small, capital = said.written.small, said.written.capital
        names = {plain(name).casefold() for name in names_in(corpus) if len(name) > 1}
        self._names = names
        self._ordinary = {
            name for name in names if name in _ALSO_WORDS or small.get(name, 0) > capital.get(name, 0)
        }
        self._codes = {
            plain(person.code).casefold()
            for person in corpus.people
            if not person.label and len(person.code) > (4 if person.code.isdecimal() else 1)
        }
        self._proper = _few(_proper_names(said), k)
        self._rows = Rows(corpus, k)
        self._small = small
        self._numbered: dict[tuple[str, int], set[str]] = defaultdict(set)
        for code in self._codes:
            if match := _NUMBERED.fullmatch(code):
                self._numbered[match[1], int(match[3])].add(match[3])

    def find(self, text: str) -> Iterator[Identifier]:
        """Find names, ids, addresses, and what few rows or people hold; in no order, they may overlap."""
        yield from addresses_in(text)
        for match in _WORD.finditer(text):
            word = re.sub(r"['’]s$", "", match.group().rstrip(".'’-_@"))
            found = self._judged(text, match.start(), word) if word else None
            if found is not None:
                yield found
            elif _JOINT.search(word):  # `P03.txt`, `anna-kowalski`
                yield from self._in_parts(text, match.start(), word)
        yield from self._by_number(text)
        for start, end, told in self._rows.find(text):
            yield Identifier(start, end, "medium", told, direct=False)

    def _in_parts(self, text: str, start: int, word: str) -> Iterator[Identifier]:
        for part in _PART.finditer(word):
            found = self._judged(text, start + part.start(), part.group())
            if found is not None:
                yield found

    def _judged(self, text: str, start: int, word: str) -> Identifier | None:
        small, end = word.casefold(), start + len(word)
        if small in self._codes and not small.isalpha():
            return Identifier(start, end, "high", "a participant's id")
        inside = word[0].isupper() and (_mid_sentence(text, start) or self._in_full(text, start, end))
        if small in self._names and small not in STOP_WORDS and (inside or small not in self._ordinary):
            return Identifier(start, end, "high", "a name that the data holds")
        people = self._proper.get(word)
        if people is not None and (inside or people[1] > 1):
            severity: Severity = "high" if people[0] == 1 and not word.isupper() else "medium"
            told = f"a proper name that fewer than {self._k} participants mention"
            return Identifier(start, end, severity, told, direct=severity == "high")
        return None

    def _in_full(self, text: str, start: int, end: int) -> bool:
        """Whether another name stands beside one: `Grace Young`."""
        beside = (_BEFORE.search(text, max(0, start - _NEAR), start), _AFTER.match(text, end, end + _NEAR))
        return any(each is not None and each[1].casefold() in self._names for each in beside)

    def _by_number(self, text: str) -> Iterator[Identifier]:
        """Ids that are parted or padded otherwise than in the data: `P 03` and `P3` for `P03`."""
        for match in _NUMBERED.finditer(text):
            digits = self._numbered.get((match[1].casefold(), int(match[3])))
            if digits is None or match.group().casefold() in self._codes:
                continue
            # “made 1 mistake” is no id, whatever ids look like.
            common = match[1].casefold() in STOP_WORDS or (match[1].casefold() in self._small)
            if match[2] == " " and (common or match[1].islower()) and match[3] not in digits:
                continue
            yield Identifier(*match.span(), "high", "a participant's id")


def addresses_in(text: str) -> Iterator[Identifier]:
    """Find e-mail and web addresses, handles, phone numbers, and exact dates."""
    for start, end, told in exact_dates(text):
        yield Identifier(start, end, "medium", told, direct=False)
    dates = [match.span() for match in _STAMP.finditer(text)]
    for kind, pattern in ADDRESSES:
        for match in pattern.finditer(text):
            dated = any(start < match.end() and match.start() < end for start, end in dates)
            if kind == "PHONE" and (dated or _NO_PHONE.fullmatch(match.group().strip())):
                continue
            if kind == "URL":
                yield Identifier(*match.span(), "low", _KINDS[kind], direct=False)
            else:
                yield Identifier(*match.span(), "high", _KINDS[kind])


def _mid_sentence(text: str, start: int) -> bool:
    """Whether a word stands behind another of the same sentence."""
    space = text[max(0, start - _NEAR) : start]
    before = space.rstrip(" \t")
    return len(before) < len(space) and bool(before) and (before[-1].islower() or before[-1] in ",;")


def _proper_names(said: Said) -> dict[str, tuple[set[int], int]]:
    """Words that stand with a capital in mid-sentence and never without: who says them, and how often."""
    people: dict[str, set[int]] = defaultdict(set)
    often: Counter[str] = Counter()
    size = 0
    for i, text in enumerate(said.texts):
        size += len(text)
        for match in _PROPER.finditer(text):
            word = plain(re.sub(r"['’](?:s|ll|d|ve|re|m)$", "", match.group().rstrip("-'’")))
            often[word] += 1
            people[word].add(int(said.who[i]))
    if sum(often.values()) * 6 > _GERMAN * size:
        return {}
    return {
        word: (who, often[word])
        for word, who in people.items()
        if len(word) > 2
        and word.casefold() not in said.written.small
        and word.casefold() not in _NO_PLACE
        and word.casefold() not in STOP_WORDS
    }


def _few(names: dict[str, tuple[set[int], int]], k: int) -> dict[str, tuple[int, int]]:
    """Those that fewer than `k` people say: how many, and how often."""
    return {word: (len(who), often) for word, (who, often) in names.items() if len(who) < k}


def longest(found: Iterable[Identifier]) -> list[Identifier]:
    """One finding for each place: the gravest, then the longest, in the order of the text."""
    grave = {"high": 0, "medium": 1, "low": 2}
    kept: list[Identifier] = []
    for each in sorted(found, key=lambda each: (grave[each.severity], each.start - each.end)):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
