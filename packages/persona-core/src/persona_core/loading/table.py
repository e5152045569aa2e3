"""Tables to segments: delimited text, and whatever else has records of named fields."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from persona_core.errors import ConfigurationError, LoadError
from persona_core.loading.builder import Builder
from persona_core.loading.columns import Layout, lay_out
from persona_core.loading.prose import add_turns
from persona_core.loading.transcript import find_turns
from persona_core.models.corpus import ColumnRole
from persona_core.models.options import LoadingOptions

_SAMPLE = 5000
"""Rows that column roles are told from."""
_DELIMITERS = (",", ";", "\t", "|")
_BOILERPLATE = re.compile(
    r"(?:n\s*[/.\\-]?\s*a\.?|none|nil|null|nan|nothing|no|nope|yes|-+|\.+|_+|x+|\?+|idk|i don'?t know|don'?t know|dk|no (?:comments?|answer|opinion|response|idea)"
    r"|not applicable|prefer not to (?:say|answer)|unsure|not sure|see above|same as above|same|ditto|skip(?:ped)?|test|asdf+|nothing (?:really|comes to mind|at all|else)|not really)[\s.!?]*",
    re.IGNORECASE,
)
_SECOND_HEADER = frozenset({"response", "open-ended response", "other (please specify)", "other"})


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns over records. `questions` are the longer wordings, where an export has both."""

    names: tuple[str, ...]
    questions: tuple[str, ...]
    rows: Iterable[Sequence[str]]
    pointer: Callable[[int, int], str] | None = None
    """For structured files: the field of record and column, both from 0; the column's name where nothing is given."""
    numbered: bool = True
    """Whether locators count the records in `row`."""


def read_delimited(builder: Builder, text: str, path: str) -> None:
    """Add a CSV or TSV file."""
    read_records(builder, delimited(text, path, builder.options), path)


def delimited(text: str, path: str, options: LoadingOptions) -> Table:
    """Open delimited text as a table: dialect, header rows, and rows as they come."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    stream: io.StringIO | io.TextIOWrapper = io.StringIO(text, newline="")
    if len(text) > 1_000_000:  # a StringIO keeps four bytes a character
        stream = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogatepass")), "utf-8", "surrogatepass", newline="")
    first = stream.readline()
    declared = re.fullmatch(r"sep=(.)\s*", first)
    if declared is None:
        stream.seek(0)
    delimiter = declared[1] if declared else _delimiter(text, path)
    records = _records(csv.reader(stream, delimiter=delimiter, strict=True), path)
    return with_header(records, path, options)


def _delimiter(text: str, path: str) -> str:
    """The delimiter under which the first records have the same number of cells, and more than one."""
    if path.lower().endswith(".tsv"):
        return "\t"
    sample = text[:65536]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(record) for record in itertools.islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 60) if record]
        except csv.Error:
            continue
        # The last record of a cut sample may be half one.
        common, times = Counter(widths[:-1] if len(text) > len(sample) else widths).most_common(1)[0] if widths else (1, 0)
        score = times / max(1, len(widths)) * (min(common, 20) ** 0.5) if common > 1 else 0.0
        if widths and widths[0] != common:
            score *= 0.7
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


def _records(reader: csv._reader, path: str) -> Iterator[list[str]]:  # type: ignore[name-defined]
    """Records that are not blank; a broken one is refused with the line it begins at."""
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a quotation mark is opened and never closed" if "unexpected end" in str(error) else "a quotation mark stands in the wrong place"
            raise LoadError(f"{reason}; double it inside a quoted cell, or export the file anew", path=path, place=f"line {line}") from error
        if any(record):
            yield record


def with_header(records: Iterator[list[str]], path: str, options: LoadingOptions) -> Table:
    """Split header rows from records. `auto` knows Qualtrics' three rows and SurveyMonkey's two."""
    head = list(itertools.islice(records, 3))
    if not head:
        raise LoadError("has no rows; give a table with a header and at least one record", path=path)
    count = _header_rows(head) if options.header_rows == "auto" else options.header_rows
    if count >= 4:
        head += list(itertools.islice(records, count - 3))
    rows = itertools.chain(head[count:], records)
    if count == 0:
        names = [f"column {i + 1}" for i in range(len(head[0]))]
        return Table(tuple(names), ("",) * len(names), rows)
    names, questions = _names(head[:count])
    return Table(tuple(names), tuple(questions), rows)


def _header_rows(head: list[list[str]]) -> int:
    if len(head) >= 3 and sum("importid" in cell.lower() for cell in head[2]) >= max(1, len(head[2]) // 2):
        return 3
    if len(head) >= 2:
        second = [cell.strip().lower() for cell in head[1]]
        filled = [cell for cell in second if cell]
        blank_above = sum(1 for cell in head[0] if not cell.strip())
        if filled and (sum(cell in _SECOND_HEADER for cell in filled) >= 0.3 * len(filled) and (blank_above or set(filled) <= _SECOND_HEADER)):
            return 2
    return 1


def _names(header: list[list[str]]) -> tuple[list[str], list[str]]:
    """Column names, made distinct, and the question wordings that stand under them."""
    width = max(len(row) for row in header)
    rows = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in header]
    names = list(rows[0])
    questions = [""] * width
    if len(rows) >= 3:  # names, question wordings, machine ids
        questions = rows[1]
    elif len(rows) == 2:  # questions that span columns, and their parts
        spanning = ""
        for i in range(width):
            spanning = rows[0][i] or spanning
            part = rows[1][i]
            generic = part.lower() in {"", "response", "open-ended response"}
            names[i] = spanning if generic else f"{spanning}: {part}" if spanning else part
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        name = name or f"column {i + 1}"
        seen[name] += 1
        names[i] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names, questions


def read_records(builder: Builder, table: Table, path: str) -> None:
    """Add a table's records: answers, whole transcripts in cells, or a row a turn."""
    rows = iter(table.rows)
    sample = [list(row) for row in itertools.islice(rows, _SAMPLE)]
    source, options = builder.source, builder.options
    if not sample:
        raise LoadError("has a header and no records", path=path)
    layout = lay_out(table.names, table.questions, sample, participant=options.participant_column, roles=options.column_roles)
    _check_columns(table, options, path)
    if not layout.of(ColumnRole.open_text, ColumnRole.transcript):
        listed = "; ".join(f"“{_short(column.name)}” ({column.role})" for column in layout.columns[:12])
        raise LoadError(f"no column holds text that people wrote. Columns: {listed}. Say which does with --column 'NAME=open text'", path=path)
    source.kind, source.columns = "table", layout.columns
    source.numbered = _numbers_rows(layout, sample)
    reader = _RowReader(builder, table, layout, path)
    for index, row in enumerate(itertools.chain(sample, rows)):
        reader.read(index, row)


def _check_columns(table: Table, options: LoadingOptions, path: str) -> None:
    """Refuse a participant column that this table should have and lacks; other tables of a study may lack it."""
    wanted = options.participant_column
    if wanted is not None and wanted not in table.names and any(wanted.casefold() == name.casefold() for name in table.names):
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
        found = layout.of(ColumnRole.participant)
        self.participant = found[0] if found else None
        speakers, questions = layout.of(ColumnRole.speaker), layout.of(ColumnRole.question)
        self.speaker = speakers[0] if speakers else None
        self.question = questions[0] if questions else None
        self.open = [(i, table.names[i], table.questions[i] or _as_question(table.names[i])) for i in layout.of(ColumnRole.open_text)]
        self.transcripts = [(i, table.names[i]) for i in layout.of(ColumnRole.transcript)]
        self.demographics = [(i, layout.columns[i].key) for i in layout.of(ColumnRole.demographic)]
        self.closed = [(i, table.questions[i] or table.names[i]) for i in layout.closed]

    def read(self, index: int, row: Sequence[str]) -> None:
        row = self._squared(index, row)
        if row is None:
            return
        named = row[self.participant].strip() if self.participant is not None else ""
        scope = named or str(index + 1)
        builder = self.builder
        if self.speaker is not None:
            label = " ".join(row[self.speaker].split())
            who = builder.voice("label", label, named) if label else builder.voice("file", "", named)
        else:
            who = builder.voice("id", named) if named else builder.voice("row", scope)
            self._describe(who, row)
        number = index + 1 if self.table.numbered else 0
        left_out = builder.source.left_out
        for i, name, question in self.open:
            cell = row[i]
            text = cell.strip()
            if not text:
                left_out["empty answers"] += 1
            elif len(text) < 32 and _BOILERPLATE.fullmatch(text):
                left_out["boilerplate answers"] += 1
            elif not any(char.isalnum() for char in text):
                left_out["answers without words"] += 1
            else:
                self._answer(index, i, number, name, question, cell, text, who, row)
        for i, name in self.transcripts:
            self._transcript(index, i, number, name, row[i], scope)

    def _squared(self, index: int, row: Sequence[str]) -> Sequence[str] | None:
        """Pad a shorter row; refuse, or count, one that is longer than the header."""
        if len(row) == self.width:
            return row
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
            f"has {len(row)} cells and the header {self.width}; quote cells that hold the delimiter, or leave such rows out with --skip-unreadable",
            path=self.path,
            place=f"row {index + 1}",
        )

    def _describe(self, who: int, row: Sequence[str]) -> None:
        voice = self.builder.whos[who]
        for i, key in self.demographics:
            if value := row[i].strip():
                voice.demographics.setdefault(key, value)
        for i, key in self.closed:
            if value := row[i].strip():
                voice.answers.setdefault(key, sys.intern(value))

    def _answer(self, index: int, column: int, number: int, name: str, question: str, cell: str, text: str, who: int, row: Sequence[str]) -> None:
        start = 0 if text is cell or len(text) == len(cell) else len(cell) - len(cell.lstrip())
        field = self.table.pointer(index, column) if self.table.pointer else name
        if self.question is not None:
            question = row[self.question].strip()
        if self.speaker is not None:
            label = row[self.speaker].strip()
            self.builder.add_turn(cell, ((start, start + len(text)),), who, row=number, field=field, speaker=label or None)
        else:
            self.builder.add(text, who, start, start + len(text), row=number, field=field, question=question)

    def _transcript(self, index: int, column: int, number: int, name: str, cell: str, scope: str) -> None:
        builder = self.builder
        if not cell.strip():
            builder.source.left_out["empty answers"] += 1
            return
        options = builder.options
        field = self.table.pointer(index, column) if self.table.pointer else name
        transcript = find_turns(cell, (*options.interviewers, *options.participants))
        if transcript is None:
            who = builder.voice("id", scope) if self.participant is not None else builder.voice("row", scope)
            start = len(cell) - len(cell.lstrip())
            builder.add(cell.strip(), who, start, start + len(cell.strip()), row=number, field=field)
        else:
            add_turns(builder, cell, transcript.turns, row=number, field=field, scope=scope)


def _as_question(name: str) -> str:
    """A header that asks something, or is more than a word, is the question of its cells."""
    return name if "?" in name or len(name.split()) >= 3 else ""
