"""Tables to segments: delimited text, and whatever else has records of named fields."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Sequence

from persona_core.errors import ConfigurationError, LoadError
from persona_core.loading.builder import Builder
from persona_core.loading.columns import Layout, lay_out
from persona_core.loading.delimited import Table, delimited
from persona_core.loading.prose import add_turns
from persona_core.loading.transcript import find_turns
from persona_core.models.corpus import NONE, ColumnRole
from persona_core.models.options import LoadingOptions
from persona_core.text import trim

_NAME_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_SAMPLE = 5000
"""Rows that column roles are told from."""
_BOILERPLATE = re.compile(
    r"(?:n\s*[/.\\-]?\s*a\.?|none|nil|null|nan|nothing|no|nope|yes|-+|\.+|_+|x+|\?+|idk|i don'?t know|don'?t know|dk"
    r"|no (?:comments?|answer|opinion|response|idea)|not applicable|prefer not to (?:say|answer)|unsure|not sure"
    r"|see above|same as above|same|ditto|skip(?:ped)?|test|asdf+|nothing (?:really|comes to mind|at all|else)"
    r"|not really)[\s.!?]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]")


def read_delimited(builder: Builder, data: bytes, encoding: str, path: str) -> None:
    """Add a CSV or TSV file."""
    read_records(builder, delimited(data, encoding, path, builder.options), path)


def read_records(builder: Builder, table: Table, path: str) -> None:
    """Add a table's records: answers, whole transcripts in cells, or a row a turn."""
    rows = iter(table.rows)
    sample = [list(row) for row in itertools.islice(rows, _SAMPLE)]
    source, options = builder.source, builder.options
    if not sample:
        raise LoadError("has a header and no records", path=path)
    layout = lay_out(
        table.names,
        table.questions,
        sample,
        participant=options.participant_column,
        roles=options.column_roles,
    )
    _check_columns(table, options, path)
    if not layout.of(ColumnRole.open_text, ColumnRole.transcript):
        listed = "; ".join(f"“{_short(column.name)}” ({column.role})" for column in layout.columns[:12])
        raise LoadError(
            f"no column holds text that people wrote. Columns: {listed}. Say which does with --column 'NAME=open text', "
            "or leave such files out with --skip-unreadable",
            path=path,
        )
    source.kind, source.columns = "table", layout.columns
    source.numbered = _numbers_rows(layout, sample)
    reader = _RowReader(builder, table, layout, path)
    for index, row in enumerate(itertools.chain(sample, rows)):
        reader.read(index, row)


def _check_columns(table: Table, options: LoadingOptions, path: str) -> None:
    """Refuse a participant column that this table should have and lacks; other tables of a study may lack it."""
    wanted = options.participant_column
    if (
        wanted is not None
        and wanted not in table.names
        and any(wanted.casefold() == name.casefold() for name in table.names)
    ):
        close = next(name for name in table.names if name.casefold() == wanted.casefold())
        raise ConfigurationError(f"{path} has no column “{wanted}”; it has “{close}”")


def _numbers_rows(layout: Layout, sample: Sequence[Sequence[str]]) -> bool:
    """Whether the participant column is a running number, which says nothing outside its table."""
    found = layout.of(ColumnRole.participant)
    cells = [row[found[0]].strip() for row in sample if found and found[0] < len(row)]
    return bool(cells) and all(cell.isdecimal() for cell in cells if cell) and len(set(cells)) == len(cells)


def _short(text: str, limit: int = 48) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


class _RowReader:
    """Adds one record after the other; what does not change from row to row is worked out once."""

    def __init__(self, builder: Builder, table: Table, layout: Layout, path: str) -> None:
        self.builder, self.table, self.path = builder, table, path
        self.width = len(table.names)
        self.participant = next(iter(layout.of(ColumnRole.participant)), None)
        self.speaker = next(iter(layout.of(ColumnRole.speaker)), None)
        self.question = next(iter(layout.of(ColumnRole.question)), None)
        self.open = [
            (i, self._field(i), builder.question(table.questions[i] or _as_question(table.names[i])))
            for i in layout.of(ColumnRole.open_text)
        ]
        self.transcripts = layout.of(ColumnRole.transcript)
        self.demographics = [(i, layout.columns[i].key) for i in layout.of(ColumnRole.demographic)]
        self.identifiers = layout.of(ColumnRole.identifier)
        self.closed = [(i, table.questions[i] or table.names[i]) for i in layout.closed]

    def _field(self, column: int, index: int = 0) -> int:
        """The code of a cell's field."""
        table = self.table
        return self.builder.field(table.pointer(index, column) if table.pointer else table.names[column])

    def read(self, index: int, cells: Sequence[str]) -> None:
        row = cells if len(cells) == self.width else self._squared(index, cells)
        if row is None:
            return
        named = row[self.participant].strip() if self.participant is not None else ""
        builder = self.builder
        who = builder.voice("id", named) if named else builder.voice("row", f"/{index + 1}")
        if self.demographics or self.closed or self.identifiers:
            self._describe(who, row)
        number = index + 1 if self.table.numbered else 0
        if self.speaker is not None:
            self._turn(index, number, row, named)
            return
        for i, field, question in self.open:
            cell = row[i]
            text = cell.strip()
            if kind := _unsaid(text):
                builder.source.left_out[kind] += 1
                continue
            if self.table.pointer:
                field = self._field(i, index)
            if self.question is not None:
                question = builder.question(row[self.question].strip())
            start = 0 if len(text) == len(cell) else cell.index(text)
            builder.append(text, who, start, number, field, question)
        for i in self.transcripts:
            self._transcript(index, i, number, row[i], who, named)

    def _squared(self, index: int, row: Sequence[str]) -> Sequence[str] | None:
        """Pad a shorter row; refuse, or count, one that is longer than the header."""
        left_out = self.builder.source.left_out
        if len(row) < self.width:
            left_out["padded rows"] += 1
            return [*row, *[""] * (self.width - len(row))]
        if not any(cell.strip() for cell in row[self.width :]):
            return row[: self.width]
        if self.builder.options.skip_unreadable:
            left_out["rows longer than the header"] += 1
            return None
        raise LoadError(
            f"has {len(row)} cells and the header {self.width}; quote cells that hold the delimiter, "
            "or leave such rows out with --skip-unreadable",
            path=self.path,
            place=f"row {index + 1}",
        )

    def _describe(self, who: int, row: Sequence[str]) -> None:
        voice = self.builder.whos[who]
        for i in self.identifiers:
            self.builder.withheld.update(_NAME_WORD.findall(row[i].casefold()))
        for i, key in self.demographics:
            if value := row[i].strip():
                voice.demographics.setdefault(key, value)
        for i, key in self.closed:
            if value := row[i].strip():
                voice.answers.setdefault(key, sys.intern(value))

    def _turn(self, index: int, number: int, row: Sequence[str], named: str) -> None:
        """Add a row that is a speaker's turn."""
        label = " ".join(row[self.speaker or 0].split())
        who = self.builder.voice("label", label, named) if label else self.builder.voice("file", "", named)
        for i, _, _ in self.open:
            cell = row[i]
            if (span := trim(cell, 0, len(cell))) is not None:
                field = self.table.pointer(index, i) if self.table.pointer else self.table.names[i]
                self.builder.add_turn(cell, (span,), who, row=number, field=field, speaker=label or None)
            else:
                self.builder.source.left_out["turns without words"] += 1

    def _transcript(self, index: int, column: int, number: int, cell: str, who: int, named: str) -> None:
        """Add the turns of a transcript that stands in a cell."""
        builder, options = self.builder, self.builder.options
        field = self.table.pointer(index, column) if self.table.pointer else self.table.names[column]
        span = trim(cell, 0, len(cell))
        if span is None:
            builder.source.left_out["empty answers"] += 1
        elif (found := find_turns(cell, (*options.interviewers, *options.participants))) is not None:
            add_turns(builder, cell, found.turns, row=number, field=field, scope=named or f"/{index + 1}")
        else:
            builder.append(cell[slice(*span)], who, span[0], number, builder.field(field), NONE)


def _unsaid(text: str) -> str:
    """Why a cell is no answer, in the words it is counted under; nothing where it is one."""
    if not text:
        return "empty answers"
    if len(text) >= 32:
        return "" if _WORD.search(text) else "answers without words"
    if _BOILERPLATE.fullmatch(text):
        return "boilerplate answers"
    return "" if _WORD.search(text) else "answers without words"


def _as_question(name: str) -> str:
    """A header that asks something, or is more than a word, is the question of its cells."""
    return name if "?" in name or len(name.split()) >= 3 else ""
