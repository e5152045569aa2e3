"""Research material as a program has it: paths, texts, bytes, open files, tables."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

from persona_core.errors import ConfigurationError, LoadError
from persona_core.loading.files import Found, Given, find

Pair = tuple[str, bytes]


@runtime_checkable
class _Readable(Protocol):
    """An open file."""

    def read(self) -> Any:
        """Give all of it."""
        ...


Source = str | Path | bytes | Pair | Any
"""A path or folder, a text of several lines, bytes, (name, bytes), an open file, or a pandas or polars frame."""


def given(sources: Source | Iterable[Source]) -> list[Given]:
    """Sources as core loads them: paths stay paths, all else becomes a name with its bytes.

    Raises LoadError for a path that is not there, ConfigurationError for what is no source.
    """
    many = _many(sources)
    return [_one(each, number) for number, each in enumerate(many, 1)]


def files(sources: Source | Iterable[Source], *, without: Path | None = None) -> list[Found]:
    """The same with folders expanded, but for one file: what is sent to a server, under the names that core would give."""
    found, _ = find(given(sources))
    left_out = None if without is None else without.resolve()
    kept = [each for each in found if each.path is None or each.path.resolve() != left_out]
    if not kept:
        raise LoadError("there is nothing to read here")
    return kept


class Upload(io.RawIOBase):
    """A file that is open only while it is read, so that a folder of thousands can be sent without holding it.

    Raises LoadError where the file is gone by then, or is not what it was.
    """

    def __init__(self, file: Found) -> None:
        self._file, self._place = file, 0
        self._open: BinaryIO | None = None
        try:
            self._size = len(file.data or b"") if file.path is None else file.path.stat().st_size
        except OSError as error:
            raise LoadError("cannot be read", path=file.shown) from error

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place; the end is where it was at first."""
        self._place = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence] + offset
        self._let_go()
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Read on."""
        try:
            if self._open is None:
                path = self._file.path
                self._open = io.BytesIO(self._file.data or b"") if path is None else path.open("rb")
                self._open.seek(self._place)
            part = self._open.read(size)
        except OSError as error:
            raise LoadError("cannot be read", path=self._file.shown) from error
        self._place += len(part)
        if self._place > self._size or (size != 0 and not part and self._place < self._size):
            raise LoadError("changed while it was sent", path=self._file.shown)
        if not part:
            self._let_go()
        return part

    def _let_go(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _many(sources: Source | Iterable[Source]) -> Sequence[Source]:
    if isinstance(sources, list) or (isinstance(sources, tuple) and not _is_pair(sources)):
        return list(sources)
    return [sources]


def _is_pair(source: object) -> bool:
    return (
        isinstance(source, tuple)
        and len(source) == 2
        and isinstance(source[0], str)
        and isinstance(source[1], bytes)
    )


def _one(source: Any, number: int) -> Given:
    if isinstance(source, Path):
        return source
    if isinstance(source, str):
        return _path_or_text(source, number)
    if isinstance(source, bytes):
        return f"source-{number}.txt", source
    if _is_pair(source):
        pair: Pair = source
        return pair
    if hasattr(source, "write_csv"):  # polars
        return f"table-{number}.csv", str(source.write_csv()).encode()
    if hasattr(source, "to_csv"):  # pandas
        return f"table-{number}.csv", str(source.to_csv(index=False)).encode()
    if isinstance(source, _Readable):
        return _opened(source, number)
    raise ConfigurationError(
        f"{type(source).__name__} is no source: give a path, a text, bytes, an open file or a table"
    )


def _path_or_text(source: str, number: int) -> Given:
    if "\n" in source:
        return f"text-{number}.txt", source.encode("utf-8", "replace")
    if not source.strip():
        raise ConfigurationError("a source is empty: give a path, or “.” for all of this folder")
    if source == "-" or not _exists(source):
        raise LoadError("there is no such file or folder; a text has more than one line", path=source[:200])
    return source


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # longer than a name may be, or with what no name has
        return False


def _opened(source: _Readable, number: int) -> Pair:
    data = source.read()
    name = Path(str(getattr(source, "name", "") or f"source-{number}.txt")).name
    return name, data.encode() if isinstance(data, str) else bytes(data)
