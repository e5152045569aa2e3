"""The research material: sources, segments, and where each stands.

A corpus may hold a million segments, so it keeps columns; `Segment` and `Locator` are views made when asked for.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from functools import cached_property

from persona_core.models.notice import Notice
from persona_core.models.noun import Noun

NONE = -1
"""In a column of codes: nothing stands here."""


class Role(StrEnum):
    """Whose words a segment holds."""

    participant = "participant"
    interviewer = "interviewer"
    unattributed = "unattributed"


ROLES = tuple(Role)


class ColumnRole(StrEnum):
    """What a column of a table is for."""

    participant = "participant"
    identifier = "identifier"
    demographic = "demographic"
    open_text = "open text"
    transcript = "transcript"
    speaker = "speaker"
    question = "question"
    other = "other"


class Locator(Noun):
    """Where words stand in a source; only what applies is given."""

    source: str
    """Name of the source: its path relative to what was given, with `/`."""
    sha256: str
    """SHA-256 of the source's bytes, in hexadecimal."""
    row: int | None = None
    """Record number from 1; header rows are not counted."""
    field: str | None = None
    """Name of the column; in JSON and YAML an RFC 6901 pointer."""
    parts: tuple[tuple[int, int], ...] = ()
    """Half-open code-point offsets into the field, or into the decoded text where there is no field; parts are joined by one space."""
    speaker: str | None = None
    """Label of the speaker, as the source has it."""
    time: tuple[float, float] | None = None
    """Start and end in seconds."""
    page: int | None = None
    """Page number from 1."""
    paragraph: int | None = None
    """Paragraph number from 1."""


class Column(Noun):
    """One column of a table, and what it was taken for."""

    name: str
    """The column's name as locators use it."""
    role: ColumnRole
    """What it was taken for."""
    question: str = ""
    """The question that its cells answer, where it has one."""
    filled: int = 0
    """Cells that are not empty."""
    distinct: int = 0
    """Different values among them, in the rows that were looked at."""
    key: str = ""
    """For a demographic: the short name that personas use."""


class Speaker(Noun):
    """One label in one source, and who it was taken for."""

    label: str
    """As the source has it."""
    role: Role
    participant: str | None = None
    """The participant's code, for participants."""
    turns: int = 0
    """Segments under this label."""
    reason: str = ""
    """Why it was taken for that."""


class Source(Noun):
    """One file of research material, decoded once."""

    name: str
    """Its path relative to what was given, with `/`."""
    sha256: str
    """SHA-256 of its bytes, in hexadecimal."""
    kind: str = "prose"
    """`table`, `transcript`, `subtitles` or `prose`."""
    segments: int = 0
    """Pieces that it was cut into."""
    participants: int = 0
    """Participants who speak in it."""
    encoding: str = "utf-8"
    """How its bytes were read; guessed where they do not say."""
    columns: tuple[Column, ...] = ()
    """Of a table, in its order."""
    speakers: tuple[Speaker, ...] = ()
    """Of a transcript, as they first speak."""
    left_out: Mapping[str, int] = {}
    """What was not taken as a segment, counted by kind: `empty answers`, `boilerplate answers`, `padded rows`, …"""


@dataclass(frozen=True, slots=True)
class Person:
    """A participant: the code, what is known of them, and what they allowed."""

    code: str
    label: str = ""
    """What the data calls them where the code is made up; never rendered for others."""
    demographics: Mapping[str, str] = default(default_factory=dict)
    answers: Mapping[str, str] = default(default_factory=dict)
    """Closed answers that are no demographics, by column; used for grouping."""
    group: str = ""
    quote_ok: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest citable piece: a speaker's turn, a paragraph, a survey answer."""

    id: str
    text: str
    role: Role
    participant: str | None
    question: str
    locator: Locator


@dataclass(slots=True)
class Columns:
    """The segments as columns of equal length, in reading order; codes index the tables beside them."""

    texts: list[str] = default(default_factory=list)
    source: array[int] = default(default_factory=lambda: array("i"))
    number: array[int] = default(default_factory=lambda: array("i"))
    who: array[int] = default(default_factory=lambda: array("i"))
    """During loading the speaker, afterwards the person; -1 for none."""
    role: array[int] = default(default_factory=lambda: array("b"))
    row: array[int] = default(default_factory=lambda: array("i"))
    field: array[int] = default(default_factory=lambda: array("i"))
    question: array[int] = default(default_factory=lambda: array("i"))
    speaker: array[int] = default(default_factory=lambda: array("i"))
    start: array[int] = default(default_factory=lambda: array("i"))
    end: array[int] = default(default_factory=lambda: array("i"))
    fields: list[str] = default(default_factory=list)
    questions: list[str] = default(default_factory=list)
    labels: list[str] = default(default_factory=list)
    parts: dict[int, tuple[tuple[int, int], ...]] = default(default_factory=dict)
    """Only where a segment has more than one part."""
    time: dict[int, tuple[float, float]] = default(default_factory=dict)
    page: dict[int, int] = default(default_factory=dict)
    paragraph: dict[int, int] = default(default_factory=dict)


class Corpus:
    """The ordered sources and segments of one study."""

    def __init__(
        self,
        sources: Sequence[Source],
        people: Sequence[Person],
        columns: Columns,
        notices: Sequence[Notice] = (),
        withheld: Iterable[str] = (),
        unsaid: Iterable[int] = (),
    ) -> None:
        """Keep also what is only to be avoided.

        `withheld` are the words of columns that identify people and the names of those who withdrew, in lower case;
        `unsaid` are hashes of what the latter alone said.
        """
        self.sources = tuple(sources)
        self.people = tuple(people)
        self.columns = columns
        self.notices = tuple(notices)
        self.withheld = frozenset(withheld)
        self.unsaid = frozenset(unsaid)
        self._person = {person.code: i for i, person in enumerate(self.people)}

    def __len__(self) -> int:
        """Count the segments."""
        return len(self.columns.texts)

    def __iter__(self) -> Iterator[Segment]:
        """Give the segments in reading order."""
        return (self.segment(i) for i in range(len(self)))

    @cached_property
    def digest(self) -> str:
        """`sha256:…` over the names and hashes of the sources, whatever their order."""
        return digest_of((source.name, source.sha256) for source in self.sources)

    @cached_property
    def _first(self) -> dict[str, tuple[int, int]]:
        """For each source name, the half-open range of its segments' positions."""
        ranges: dict[str, tuple[int, int]] = {}
        codes = self.columns.source
        start = 0
        for code, source in enumerate(self.sources):
            end = start
            while end < len(codes) and codes[end] == code:
                end += 1
            ranges[source.name] = (start, end)
            start = end
        return ranges

    def position(self, segment_id: str) -> int | None:
        """Say at which position the segment of that id stands; None where there is none."""
        name, _, number = segment_id.rpartition("#")
        low, high = self._first.get(name, (0, 0))
        if not number.isdecimal() or len(number) > 10:
            return None
        wanted, numbers = int(number), self.columns.number
        while low < high:
            middle = (low + high) // 2
            if numbers[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < self._first.get(name, (0, 0))[1] and numbers[low] == wanted
        return low if found else None

    def segment(self, i: int) -> Segment:
        """Give the segment at position `i`, 0 ≤ i < len."""
        columns = self.columns
        question = columns.question[i]
        return Segment(
            id=self.segment_id(i),
            text=columns.texts[i],
            role=ROLES[columns.role[i]],
            participant=self.participant(i),
            question=columns.questions[question] if question != NONE else "",
            locator=self.locator(i),
        )

    def segment_id(self, i: int) -> str:
        """`<source>#<n>` of the segment at position `i`."""
        return f"{self.sources[self.columns.source[i]].name}#{self.columns.number[i]}"

    def role(self, i: int) -> Role:
        """Whose words stand at position `i`."""
        return ROLES[self.columns.role[i]]

    def participant(self, i: int) -> str | None:
        """The code of who said the segment at position `i`; None for interviewers and unattributed words."""
        who = self.columns.who[i]
        return self.people[who].code if who != NONE and self.role(i) is Role.participant else None

    def quotable(self, i: int) -> bool:
        """Whether the words at position `i` are a participant's who allowed to be quoted."""
        who = self.columns.who[i]
        return who != NONE and self.role(i) is Role.participant and self.people[who].quote_ok

    def person(self, code: str) -> Person | None:
        """The participant of that code."""
        i = self._person.get(code)
        return None if i is None else self.people[i]

    def parts(self, i: int) -> tuple[tuple[int, int], ...]:
        """The half-open offsets whose texts, joined by one space, are the segment at position `i`."""
        columns = self.columns
        return columns.parts.get(i) or ((columns.start[i], columns.end[i]),)

    def locator(self, i: int, spans: Sequence[tuple[int, int]] | None = None) -> Locator:
        """Where the segment at position `i` stands, or the `spans` of it: half-open offsets into its text."""
        columns = self.columns
        source = self.sources[columns.source[i]]
        parts = self.parts(i)
        field, speaker = columns.field[i], columns.speaker[i]
        return Locator(
            source=source.name,
            sha256=source.sha256,
            row=columns.row[i] or None,
            field=columns.fields[field] if field != NONE else None,
            parts=parts if spans is None else tuple(p for span in spans for p in _project(parts, span)),
            speaker=columns.labels[speaker] if speaker != NONE else None,
            time=columns.time.get(i),
            page=columns.page.get(i),
            paragraph=columns.paragraph.get(i),
        )


def digest_of(sources: Iterable[tuple[str, str]]) -> str:
    """The digest of a corpus whose sources have these names and hashes."""
    listing = "\n".join(sorted(f"{sha256} {name}" for name, sha256 in sources))
    return "sha256:" + hashlib.sha256(listing.encode()).hexdigest()


def _project(parts: Sequence[tuple[int, int]], span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Turn a span of the joined text into spans of the parts it is joined from."""
    offset = 0
    for start, end in parts:
        low, high = max(span[0], offset), min(span[1], offset + end - start)
        if low < high:
            yield (start + low - offset, start + high - offset)
        offset += end - start + 1
