"""The participants file: who they are, what group they belong to, and what they allowed."""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from persona_core.errors import LoadError
from persona_core.loading.columns import lay_out
from persona_core.loading.decoding import decode
from persona_core.loading.delimited import Table, delimited
from persona_core.models.corpus import ColumnRole
from persona_core.models.options import LoadingOptions

_KEYS = frozenset({"participant", "file"})
_CONSENT = frozenset({"quote_ok", "withdrawn", "group"})
_NOTES = frozenset({"note", "notes", "remark", "remarks"})
_MEANT = {
    "quoteok": "quote_ok",
    "withdrawn": "withdrawn",
    "participant": "participant",
    "participantid": "participant",
}
_YES, _NO = frozenset({"yes", "y", "true", "1", "ok", "x"}), frozenset({"no", "n", "false", "0", ""})


def same(name: str) -> str:
    """What a name is compared by: case, Unicode form and white space apart."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a participants file."""

    participant: str
    file: str
    group: str = ""
    quote_ok: bool = True
    withdrawn: bool = False
    demographics: Mapping[str, str] = field(default_factory=dict)
    row: int = 0
    """Record number from 1; the header is not counted."""


@dataclass(frozen=True, slots=True)
class Register:
    """What participants files say."""

    entries: tuple[Entry, ...] = ()
    asks_consent: bool = False
    """Whether there is a column for it: then who is not listed has not given it."""
    by_participant: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    by_file: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def of_file(self, source: str) -> str:
        """The participant whom a source is about, where the file says so."""
        entries = (entry for name in _names(source) for entry in self.by_file.get(name, ()))
        return next((entry.participant for entry in entries if entry.participant), "")

    def of(self, code: str, label: str, files: Sequence[str] = ()) -> list[Entry]:
        """The lines about a participant, by code, by what the data calls them, or by their file."""
        called = dict.fromkeys((same(code), same(label)))
        found = [entry for name in called for entry in self.by_participant.get(name, ())]
        for name in (name for file in files for name in _names(file)):
            found += [entry for entry in self.by_file.get(name, ()) if not entry.participant]
        return found

    def joined(self, other: Register) -> Register:
        """This register and another."""
        return _register((*self.entries, *other.entries), self.asks_consent or other.asks_consent)


def _names(source: str) -> list[str]:
    """What a participants file may call a source: its name, its last part, and that without its ending."""
    path = PurePosixPath(source)
    return list(dict.fromkeys((source, path.name, path.stem)))


def _register(entries: Sequence[Entry], asks_consent: bool) -> Register:
    by_participant: dict[str, tuple[Entry, ...]] = {}
    by_file: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        if entry.participant:
            key = same(entry.participant)
            by_participant[key] = (*by_participant.get(key, ()), entry)
        if entry.file:
            by_file[entry.file] = (*by_file.get(entry.file, ()), entry)
    return Register(tuple(entries), asks_consent, by_participant, by_file)


def one_header(data: bytes, path: str) -> Table:
    """Read a table as a participants file is one: with one row of names."""
    return delimited(data, decode(data, path)[1], path, LoadingOptions(header_rows=1))


def is_register(header: Sequence[str]) -> bool:
    """Whether a table's header has what makes a participants file."""
    names = set(_columns(header))
    return bool(names & _KEYS) and bool(names & {"quote_ok", "withdrawn"})


def holds_answers(table: Table) -> bool:
    """Whether a table with such a header also holds what participants wrote; a column of notes is the researcher's."""
    rows = list(itertools.islice(table.rows, 500))
    layout = lay_out(table.names, table.questions, rows, participant=None, roles={})
    written = layout.of(ColumnRole.open_text, ColumnRole.transcript)
    names = _columns(table.names)
    return any(names[i] not in _NOTES for i in written)


def read_register(data: bytes, path: str, *, survey: bool = False) -> Register:
    """Read a participants file; refuses what would quietly leave somebody's wish unheard.

    With `survey` its other columns are answers, and tell nothing here.
    """
    table = one_header(data, path)
    names, rows = _columns(table.names), list(table.rows)
    if not _KEYS & set(names):
        raise LoadError("a participants file needs a column “participant” or “file”", path=path)
    _refuse_misspelt(names, rows, path)
    entries = []
    for number, row in enumerate(rows, 1):
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise LoadError("has more cells than the header", path=path, place=f"row {number}")
        cells = {name: row[i].strip() if i < len(row) else "" for i, name in enumerate(names)}
        if not cells.get("participant") and not cells.get("file"):
            raise LoadError("names neither a participant nor a file", path=path, place=f"row {number}")
        entries.append(_entry(cells, number, path, survey=survey))
    return _register(entries, "quote_ok" in names)


def register_rows(data: bytes, path: str) -> list[dict[str, str]]:
    """The lines of a participants file as rows, to be sent; refuses what `read_register` refuses."""
    read_register(data, path)
    table = one_header(data, path)
    return [dict(zip(table.names, row, strict=False)) for row in table.rows]


def _columns(header: Sequence[str]) -> list[str]:
    """Column names in lower case; those that mean something here as they are written here."""
    plain = [" ".join(name.split()).lower() for name in header]
    return [_MEANT.get(re.sub(r"[^a-z]", "", name), name) for name in plain]


def _refuse_misspelt(names: Sequence[str], rows: Sequence[Sequence[str]], path: str) -> None:
    """Refuse a column of yes and no that is nearly named as one for consent: unheard, it would show who refused."""
    for i, name in enumerate(names):
        cells = {row[i].strip().lower() for row in rows if i < len(row)}
        close = difflib.get_close_matches(re.sub(r"[^a-z]", "", name), ("quoteok", "withdrawn"), cutoff=0.7)
        if close and name not in _CONSENT and cells <= _YES | _NO:
            meant = _MEANT[close[0]]
            raise LoadError(f"the column “{name}” may mean “{meant}”; name it so, or leave it out", path=path)


def _entry(cells: Mapping[str, str], number: int, path: str, *, survey: bool) -> Entry:
    rest = {name: value for name, value in cells.items() if name not in _KEYS | _CONSENT | _NOTES and value}
    return Entry(
        cells.get("participant", ""),
        cells.get("file", ""),
        cells.get("group", ""),
        # Without the column nobody was asked to refuse; an empty cell under it is no consent.
        quote_ok=_flag(cells["quote_ok"], "quote_ok", number, path) if "quote_ok" in cells else True,
        withdrawn=_flag(cells.get("withdrawn", ""), "withdrawn", number, path),
        demographics={} if survey else rest,
        row=number,
    )


def _flag(value: str, column: str, row: int, path: str) -> bool:
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise LoadError(f"“{value}” is neither yes nor no", path=path, place=f"row {row}, column “{column}”")
