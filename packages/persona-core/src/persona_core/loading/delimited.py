"""Delimited text to records of named fields: encoding, dialect, header rows."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona_core.errors import LoadError
from persona_core.models.options import LoadingOptions

if TYPE_CHECKING:
    import _csv

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 65536
"""Characters that the delimiter is told from."""
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


def delimited(data: bytes, encoding: str, path: str, options: LoadingOptions) -> Table:
    """Open delimited text as a table: dialect, header rows, and rows as they come.

    `encoding` is one under which `data` can be decoded; the rows are decoded as they come, never all at once.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    stream = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    first = stream.readline().lstrip("\ufeff")
    declared = re.fullmatch(r"sep=(.)\s*", first)
    head = "" if declared else first + stream.read(_SAMPLE)
    delimiter = declared[1] if declared else _delimiter(head, path)
    # The head may end inside a line: what follows is its rest.
    head += stream.readline()
    lines = itertools.chain(io.StringIO(head, newline=""), stream)
    records = _records(csv.reader(lines, delimiter=delimiter, strict=True), path, 1 if declared else 0)
    return with_header(records, path, options)


def _delimiter(sample: str, path: str) -> str:
    """The delimiter under which the first records have the same number of cells, and more than one."""
    if path.lower().endswith(".tsv"):
        return "\t"
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        score = _evenness(sample, delimiter)
        if score > best_score * 1.05:
            best, best_score = delimiter, score
    return best


def _evenness(sample: str, delimiter: str) -> float:
    """How well a delimiter parts a sample: the share of records of the commonest width, more for a wider one."""
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(record) for record in itertools.islice(reader, 60) if record]
    except csv.Error:
        return 0.0
    if len(sample) >= _SAMPLE and len(widths) < 60:
        widths = widths[:-1]  # the last record of a cut sample may be half one
    common, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    if common == 1:
        return 0.0
    score: float = times / len(widths) * min(common, 20) ** 0.5
    return score if widths[0] == common else 0.7 * score


def _records(reader: _csv.Reader, path: str, skipped: int) -> Iterator[list[str]]:
    """Records that are not blank; a broken one is refused with the line it begins at."""
    line = 0
    try:
        for record in reader:
            if any(record):
                yield record
            line = reader.line_num
    except csv.Error as error:
        reason = (
            "a quotation mark is opened and never closed"
            if "unexpected end" in str(error)
            else "a quotation mark stands in the wrong place"
        )
        message = f"{reason}; double it inside a quoted cell, or export the file anew"
        raise LoadError(message, path=path, place=f"line {line + 1 + skipped}") from error


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
        if filled and (
            sum(cell in _SECOND_HEADER for cell in filled) >= 0.3 * len(filled)
            and (blank_above or set(filled) <= _SECOND_HEADER)
        ):
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
