"""The participants file: who they are, what group they belong to, and what they allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from persona_core.errors import LoadError
from persona_core.loading.decoding import decode
from persona_core.loading.delimited import delimited
from persona_core.models.options import LoadingOptions

_KEYS = frozenset({"participant", "file"})
_CONSENT = frozenset({"quote_ok", "withdrawn", "group"})
_YES, _NO = frozenset({"yes", "y", "true", "1", "ok", "x"}), frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a participants file."""

    participant: str
    file: str
    group: str = ""
    quote_ok: bool = True
    withdrawn: bool = False
    demographics: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """What a participants file says."""

    entries: tuple[Entry, ...] = ()
    name: str = ""

    def of_file(self, source: str) -> str:
        """The participant whom a source is about, where the file says so."""
        names = {source, PurePosixPath(source).name, PurePosixPath(source).stem}
        return next(
            (
                entry.participant
                for entry in self.entries
                if entry.file and entry.file in names and entry.participant
            ),
            "",
        )

    def of(self, code: str, label: str, files: Sequence[str] = ()) -> Entry | None:
        """The line about a participant, by code, by what the data calls them, or by their file."""
        called = {code.casefold(), label.casefold()} - {""}
        names = {
            name for file in files for name in (file, PurePosixPath(file).name, PurePosixPath(file).stem)
        }
        for entry in self.entries:
            if entry.participant.casefold() in called or (not entry.participant and entry.file in names):
                return entry
        return None


def is_register(header: Sequence[str]) -> bool:
    """Whether a table's header is that of a participants file and of nothing else."""
    names = {name.strip().lower() for name in header}
    return bool(names & _KEYS) and bool(names & {"quote_ok", "withdrawn"})


def read_register(data: bytes, path: str) -> Register:
    """Read a participants file; refuses what would quietly leave somebody's wish unheard."""
    table = delimited(data, decode(data, path)[1], path, LoadingOptions(header_rows=1))
    names = [name.strip().lower() for name in table.names]
    if not _KEYS & set(names):
        raise LoadError("a participants file needs a column “participant” or “file”", path=path)
    entries = []
    for number, row in enumerate(table.rows, 1):
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise LoadError("has more cells than the header", path=path, place=f"row {number}")
        cells = {name: row[i].strip() if i < len(row) else "" for i, name in enumerate(names)}
        if not cells.get("participant") and not cells.get("file"):
            raise LoadError("names neither a participant nor a file", path=path, place=f"row {number}")
        rest = {name: value for name, value in cells.items() if name not in _KEYS | _CONSENT and value}
        entries.append(
            Entry(
                cells.get("participant", ""),
                cells.get("file", ""),
                cells.get("group", ""),
                # Without the column nobody was asked to refuse; an empty cell under it is no consent.
                quote_ok=_flag(cells["quote_ok"], "quote_ok", number, path) if "quote_ok" in cells else True,
                withdrawn=_flag(cells.get("withdrawn", ""), "withdrawn", number, path),
                demographics=rest,
            )
        )
    return Register(tuple(entries), path)


def _flag(value: str, column: str, row: int, path: str) -> bool:
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise LoadError(f"“{value}” is neither yes nor no", path=path, place=f"row {row}, column “{column}”")
