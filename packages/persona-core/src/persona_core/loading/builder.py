"""Where every loader puts what it reads, until it is known who is who."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from persona_core.models.corpus import NONE, Column, Columns
from persona_core.models.notice import Notice
from persona_core.models.options import LoadingOptions

_ANNOTATION = re.compile(r"\{[^{}]*\}|\[[^][]*\]|\([^()]*\)")
"""`{laugh}`, `[inaudible]`, `(unintelligible)`: what a transcriber wrote, nobody said."""
_QUESTION = re.compile("[?？؟]")


@dataclass(slots=True)
class Who:
    """One voice in one source, before it is known who it is.

    `kind` says how it is named: `label` (a speaker's), `id` (a participant column's value), `row`, or `file` (the source itself).
    """

    source: int
    kind: str
    label: str
    scope: str = ""
    """Keeps apart what has the same label in one source: two transcripts in one table."""
    turns: int = 0
    questions: int = 0
    """Turns with a question mark."""
    words: int = 0
    demographics: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SourceDraft:
    """What is known of a source while it is read."""

    name: str
    sha256: str
    encoding: str = "utf-8"
    kind: str = "prose"
    columns: tuple[Column, ...] = ()
    left_out: Counter[str] = field(default_factory=Counter)
    hints: dict[str, str] = field(default_factory=dict)
    """What a transcript's head says: `interviewer`, `participant`, …"""
    numbered: bool = False
    """Whether its participant column only numbers the rows."""


class Builder:
    """Gathers segments in columns, and voices beside them."""

    def __init__(self, options: LoadingOptions) -> None:
        self.options = options
        self.columns = Columns()
        self.sources: list[SourceDraft] = []
        self.whos: list[Who] = []
        self.notices: list[Notice] = []
        self.withheld: set[str] = set()
        """Words of columns that identify people, in lower case."""
        self._who: dict[tuple[str, str, str], int] = {}
        self._field: dict[str, int] = {}
        self._question: dict[str, int] = {}
        self._label: dict[str, int] = {}

    @property
    def source(self) -> SourceDraft:
        """The source being read."""
        return self.sources[-1]

    def begin(self, name: str, sha256: str) -> SourceDraft:
        """Start a source; what is added from now on is its."""
        self.sources.append(SourceDraft(name, sha256))
        self._who.clear()
        return self.source

    def end(self) -> None:
        """End the source being read: number its segments."""
        columns = self.columns
        count = len(columns.texts) - len(columns.source)
        columns.source.extend(array("i", [len(self.sources) - 1]) * count)
        columns.number.extend(array("i", range(1, count + 1)))

    def rollback(self, segments: int, whos: int) -> None:
        """Take back the source being read: what it added since there were so many segments and voices."""
        columns = self.columns
        del columns.texts[segments:]
        for column in (columns.source, columns.number, columns.who, columns.row, columns.field):
            del column[segments:]
        for column in (columns.question, columns.speaker, columns.start, columns.end):
            del column[segments:]
        for sparse in (columns.parts, columns.time, columns.page, columns.paragraph):
            for i in [i for i in sparse if i >= segments]:
                del sparse[i]
        self._who.clear()
        del self.whos[whos:]
        self.sources.pop()

    def voice(self, kind: str, label: str, scope: str = "") -> int:
        """The code of a voice in this source, made where it is new."""
        key = (kind, label, scope)
        code = self._who.get(key)
        if code is None:
            code = self._who[key] = len(self.whos)
            self.whos.append(Who(len(self.sources) - 1, kind, label, scope))
        return code

    def append(
        self, text: str, who: int, start: int, row: int, field: int, question: int, speaker: int = NONE
    ) -> int:
        """Add a segment that is one span of its field or text, all but the text as codes; gives its position."""
        columns = self.columns
        columns.texts.append(text)
        columns.who.append(who)
        columns.row.append(row)
        columns.field.append(field)
        columns.question.append(question)
        columns.speaker.append(speaker)
        columns.start.append(start)
        columns.end.append(start + len(text))
        return len(columns.texts) - 1

    def field(self, name: str | None) -> int:
        """The code of a field's name."""
        return self._code(self._field, self.columns.fields, name)

    def question(self, wording: str) -> int:
        """The code of a question."""
        return self._code(self._question, self.columns.questions, wording or None)

    def label(self, label: str | None) -> int:
        """The code of a speaker's label."""
        return self._code(self._label, self.columns.labels, label)

    def add_turn(
        self,
        text: str,
        spans: Sequence[tuple[int, int]],
        who: int,
        *,
        row: int = 0,
        field: str | None = None,
        speaker: str | None = None,
        question: str = "",
        time: tuple[float, float] | None = None,
    ) -> int | None:
        """Add what someone said: spans of `text`, joined by one space; None where they hold no word."""
        said = " ".join(text[start:end] for start, end in spans)
        if not any(char.isalnum() for char in _ANNOTATION.sub("", said)):
            self.source.left_out["turns without words"] += 1
            return None
        codes = self.field(field), self.question(question), self.label(speaker)
        i = self.append(said, who, spans[0][0], row, *codes)
        if len(spans) > 1:
            self.columns.parts[i] = tuple(spans)
            self.columns.end[i] = spans[-1][1]
        if time is not None:
            self.columns.time[i] = time
        voice = self.whos[who]
        voice.turns += 1
        voice.questions += _QUESTION.search(said) is not None
        voice.words += said.count(" ") + 1
        return i

    def positions(self, segments: Collection[str]) -> Iterator[int]:
        """The positions of segments by their ids, as far as they are there, once all sources have ended."""
        first: dict[str, int] = {}
        for i, source in enumerate(self.columns.source if segments else ()):
            first.setdefault(self.sources[source].name, i)
        for segment in segments:
            name, _, number = segment.rpartition("#")
            at = first[name] + int(number) - 1 if name in first and number.isdecimal() else -1
            if 0 <= at < len(self.columns.source) and self.sources[self.columns.source[at]].name == name:
                yield at

    def take_for_participants(self, segments: Collection[str]) -> None:
        """Take the labels of those who speak in these segments for participants' labels."""
        speakers = (self.columns.speaker[i] for i in self.positions(segments))
        labels = [self.columns.labels[code] for code in speakers if code != NONE]
        named = tuple(dict.fromkeys((*self.options.participants, *labels)))
        self.options = self.options.model_copy(update={"participants": named})

    def notice(self, code: str, message: str) -> None:
        """Say something that the reader must know."""
        self.notices.append(Notice(code=code, message=message))

    @staticmethod
    def _code(codes: dict[str, int], table: list[str], value: str | None) -> int:
        """The code of a value in a table, added where it is new."""
        if value is None:
            return NONE
        code = codes.get(value)
        if code is None:
            code = codes[value] = len(table)
            table.append(value)
        return code
