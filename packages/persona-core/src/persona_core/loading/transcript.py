"""Text with speakers to turns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from persona_core.loading import labels, uncapitalised
from persona_core.loading.heading import read_head
from persona_core.models.corpus import Role
from persona_core.text import trim

_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_LABEL = r"[^\W_][\w.'’&/-]*(?:[ _][\w.'’&/()#-]+){0,4}"
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ \t]+"
_STAMP = (
    rf"\u200e?[\[(]?(?:{_DATE})?{_TIME}(?:[ \u202f]?[AaPp]\.?[Mm]\.?)?(?:\s*(?:-->?|–|to)\s*{_TIME})?[\])]?"
)
_COLON = re.compile(
    rf"^[ \t]*(?:[-*>][ \t]+)?(?:{_STAMP}[ \t]*[-–]?[ \t]*)?(?:\*\*|__|\[)?(?:{_STAMP}[ \t]+)?(?P<label>{_LABEL})\]?"
    rf"(?:[ \t]*[\[(]?(?P<time>{_TIME})[\])]?)?(?:(?:[ \t]*:[ \t]*(?:\*\*|__)|(?:\*\*|__)?[ \t]*:)(?=\s|$)"
    r"|(?:\*\*|__)?[ \t]*：)"
    rf"(?:[ \t]*[\[(]{_TIME}[\])](?=\s|$))?",
    re.MULTILINE,
)
_NAME_THEN_TIME = re.compile(
    rf"^[ \t]*(?:\*\*|\[)?(?P<label>{_LABEL})(?:\*\*|\])?[ \t]+[\[(]?(?P<time>{_TIME})[\])]?[ \t\r]*$",
    re.MULTILINE,
)
_TIME_THEN_NAME = re.compile(
    rf"^[ \t]*[\[(]?(?P<time>{_TIME})(?:\s*-->\s*{_TIME})?[\])]?[ \t]*\n?[ \t]*(?P<label>{_LABEL})[ \t\r]*$",
    re.MULTILINE,
)
_WITHOUT_COLON = re.compile(
    r"^[ \t]*(?:(?:#{1,6}[ \t]+|\*\*|__)(?P<alone>[^\W_][^\n:*_]{0,38}?)(?:\*\*|__)?[ \t\r]*$"
    r"|\[(?P<bracketed>[^\W_][^\n\]:]{0,38})\][ \t]+|(?P<dashed>[^\W\d_]+(?: \d{1,2})?)[ \t]+[-–—][ \t]+"
    r"|(?P<dotted>[QA])\d{0,2}\.[ \t]+)",
    re.MULTILINE,
)
"""`## Interviewer`, `**Participant**` on a line, `[P1] words`, `Interviewer – words`, `Q. words`: labels that say a role."""
_QUESTION_NUMBER = re.compile(r"([QA])[-_ ]?\d{1,3}", re.IGNORECASE)
_FIRST_TIME = re.compile(_TIME)
_CLOCK = re.compile(rf"{_DATE}{_TIME}")
"""A time of day, as chats have it: no place in a recording."""
_NOT_SAID = re.compile(
    rf"^(?:#{{1,6}}[ \t].*|[-*_=]{{3,}}[ \t\r]*|<!--.*-->[ \t\r]*|Transcribed by https?://\S+[ \t\r]*"
    rf"|[ \t]*[\[(]?{_TIME}[\])]?[ \t\r]*)$",
    re.MULTILINE,
)
_ASKED_BY = re.compile(
    r"\bInterview(?:er|ed)(?:s)?(?: is| was|:| by)+\s+(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)
_LONG_LABEL = 40


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice said without a break: half-open spans of the text, and seconds where the text tells them."""

    label: str
    spans: tuple[tuple[int, int], ...]
    time: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Turns, and what stands before the first."""

    turns: tuple[Turn, ...]
    hints: dict[str, str] = field(default_factory=dict)
    """`interviewer` and `participant`, where the head names them."""
    unsaid: int = 0
    """Lines before the first turn that are nobody's words."""


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    end: int
    label: str
    seconds: float | None
    colon: bool


def find_turns(text: str, extra_labels: tuple[str, ...] = ()) -> Transcript | None:
    """Cut a text into speakers' turns; None where it has no speakers.

    A line that opens with a label is a turn's start where the label is a known one (`Interviewer`, `P03`), one of
    `extra_labels`, or a name that comes back; one in small letters only where it is clear (`uncapitalised`).
    """
    hints, body = read_head(text)
    best: list[_Head] = []
    for pattern in (_COLON, _NAME_THEN_TIME, _TIME_THEN_NAME, _WITHOUT_COLON):
        found = _numberless([head for head in _heads(pattern, text) if head.start >= body])
        stated = pattern is _WITHOUT_COLON
        heads = _stated(found, extra_labels) if stated else _accepted(found, extra_labels, text)
        if len(heads) > len(best):
            best = heads
    best = _without_head_lines(text, best)
    if len(best) < 2 or not _is_dialogue(best, extra_labels):
        return None
    asked_by = _ASKED_BY.search(text, 0, best[0].start)
    if asked_by and "interviewer" not in hints:
        hints["interviewer"] = asked_by["name"]
    unsaid = sum(1 for line in text[: best[0].start].splitlines() if line.strip())
    return Transcript(tuple(_turns(text, best)), hints, unsaid)


def _heads(pattern: re.Pattern[str], text: str) -> Iterator[_Head]:
    for match in pattern.finditer(text):
        groups = match.groupdict()
        stamp = groups.pop("time", None)
        label = " ".join(next((value for value in groups.values() if value), "").split())
        if label and len(label) <= _LONG_LABEL and not label.isdecimal():
            stamp = stamp or ((found := _FIRST_TIME.search(match.group())) and found.group())
            timed = stamp and not _CLOCK.search(match.group())
            yield _Head(
                match.start(),
                match.end(),
                label,
                seconds(stamp) if stamp and timed else None,
                pattern is _COLON,
            )


def _numberless(heads: list[_Head]) -> list[_Head]:
    """Take `Q1`, `A1`, `Q2`, … for one who asks and one who answers, where both are there."""
    numbered = {
        head.label: match[1].upper() for head in heads if (match := _QUESTION_NUMBER.fullmatch(head.label))
    }
    if set(numbered.values()) != {"Q", "A"}:
        return heads
    return [replace(head, label=numbered.get(head.label, head.label)) for head in heads]


def _stated(heads: list[_Head], extra: tuple[str, ...]) -> list[_Head]:
    """Leave the heads whose labels state a role; none unless there are two such labels."""
    given = {label.casefold() for label in extra}
    stated = [head for head in heads if head.label.casefold() in given or labels.known_role(head.label)]
    return stated if len({head.label for head in stated}) >= 2 else []


def _accepted(heads: list[_Head], extra: tuple[str, ...], text: str) -> list[_Head]:
    """Leave the heads whose labels are speakers."""
    heads = _in_one_case(heads)
    counts = Counter(head.label for head in heads)
    given = {label.casefold() for label in extra}

    def speaks(label: str) -> bool:
        if label.casefold() in given or labels.known_role(label) is not None:
            return True
        if labels.is_metadata(label):
            return False
        return counts[label] >= 2 and (labels.looks_like_name(label) or labels.is_generic(label))

    accepted = {label for label in counts if speaks(label)}
    # Among names of as many words a further person may speak once; among `User:` and `AI:` a capitalised line with
    # a colon is a list's heading.
    named = {label for label in accepted if labels.known_role(label) is None and not labels.is_generic(label)}
    roles = {labels.known_role(label) for label in accepted}
    if len(accepted) < 2 or roles == {Role.interviewer}:
        accepted |= _small(heads, accepted, text)
    if (named and len(accepted) >= 2) or roles == {Role.interviewer}:
        lengths = {len(label.split()) for label in named} | {2, 3}
        if _only_heads(heads, accepted, text):
            lengths.add(1)
        accepted |= {
            label
            for label in counts
            if len(label.split()) in lengths
            and labels.looks_like_name(label)
            and not labels.is_metadata(label)
        }
    return [head for head in heads if head.label in accepted]


def _small(heads: list[_Head], accepted: set[str], text: str) -> set[str]:
    """Speakers in small letters, where it is clear that they are."""
    openings = _openings(heads)
    found = uncapitalised.speakers(text, openings, accepted)
    if found and _only_heads(heads, found | accepted, text):
        found |= {head.label for head in heads if not labels.is_metadata(head.label)}
    return found


def _openings(heads: list[_Head]) -> list[uncapitalised.Opening]:
    """The heads with a colon."""
    return [(head.start, head.end, head.label) for head in heads if head.colon]


def _in_one_case(heads: list[_Head]) -> list[_Head]:
    """Write a name that stands in capitals and in small letters the first of these ways."""
    names = {
        head.label.casefold(): head.label for head in reversed(heads) if labels.looks_like_name(head.label)
    }
    return [replace(head, label=names.get(head.label.casefold(), head.label)) for head in heads]


def unclear_labels(text: str) -> tuple[str, ...]:
    """Labels in small letters that open most of a text by turns, and may be speakers or the keys of a list."""
    openings = _openings(list(_heads(_COLON, text)))
    found = uncapitalised.candidates(openings)
    turns = [opening for opening in openings if opening[2] in found]
    return tuple(found) if turns and uncapitalised.looks_like_talk(text, turns) else ()


def _only_heads(heads: list[_Head], accepted: set[str], text: str) -> bool:
    """Whether what speaks once can be no list's heading: each line opens a turn, or each turn has its time."""
    if all(head.seconds is not None for head in heads if head.label in accepted):
        return True
    opened = {head.start for head in heads}
    first = min(head.start for head in heads if head.label in accepted)
    lines = (line.start() for line in re.finditer(r"^(?=[^\n]*\S)", text, re.MULTILINE))
    return all(start in opened for start in lines if start >= first)


def _without_head_lines(text: str, heads: list[_Head]) -> list[_Head]:
    """Leave out `Interviewer: Tessa Lund`, where Tessa Lund speaks under her own name."""
    names = {head.label for head in heads}
    return [head for head in heads if text[head.end :].split("\n", 1)[0].strip() not in names - {head.label}]


def _is_dialogue(heads: list[_Head], extra: tuple[str, ...]) -> bool:
    """Tell a transcript from prose that happens to have a few colons."""
    found = {head.label for head in heads}
    known = {label for label in found if labels.known_role(label) or label in extra}
    if {label.lower() for label in found} <= {"a", "i", "p", "m", "q"} and len(found) < 2:
        return False
    return len(found) >= 2 or bool(known) or heads[0].seconds is not None


def _turns(text: str, heads: list[_Head]) -> Iterator[Turn]:
    ends = [head.start for head in heads[1:]] + [len(text)]
    times = [head.seconds for head in heads]
    for i, (head, end) in enumerate(zip(heads, ends, strict=True)):
        spans = tuple(_said(text, head.end, end))
        if not spans:
            continue
        begun = times[i]
        following = next((later for later in times[i + 1 :] if later is not None), begun)
        time = (begun, max(begun, following)) if begun is not None and following is not None else None
        yield Turn(head.label, spans, time)


def _said(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of a turn, without headings and rules that stand in it."""
    for match in _NOT_SAID.finditer(text, start, end):
        # `$` of the pattern may see past `end`; a heading belongs to the turn only as a whole line.
        if (span := trim(text, start, match.start())) is not None:
            yield span
        start = match.end()
    if start < end and (span := trim(text, start, end)) is not None:
        yield span


def seconds(stamp: str) -> float:
    """Seconds of `1:02:03.5`, `02:03,5`."""
    total = 0.0
    for part in stamp.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)
