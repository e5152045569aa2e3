"""Locators back to text: the proof that a segment stands where it says."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path

from persona_core.errors import LoadError
from persona_core.loading import office, structured
from persona_core.loading.decoding import decode
from persona_core.loading.delimited import Table, delimited
from persona_core.loading.files import kind_of
from persona_core.models.corpus import Locator
from persona_core.models.options import LoadingOptions


def read_back(locator: Locator, data: bytes, options: LoadingOptions | None = None) -> str:
    """Give the text that a locator points at, from the bytes of its source.

    `options` are those the source was loaded with; only `header_rows` matters. Raises LoadError where nothing stands there.
    """
    options = options or LoadingOptions()
    suffix = Path(locator.source).suffix.lower()
    try:
        text = (
            _whole(locator, data, suffix) if locator.field is None else _field(locator, data, suffix, options)
        )
    except (KeyError, IndexError, ValueError, StopIteration) as error:
        raise LoadError("nothing stands there", path=locator.source, place=_place(locator)) from error
    return " ".join(text[start:end] for start, end in locator.parts)


def _place(locator: Locator) -> str:
    return ", ".join(
        part
        for part in (
            f"row {locator.row}" if locator.row else "",
            f"field “{locator.field}”" if locator.field else "",
        )
        if part
    )


def _whole(locator: Locator, data: bytes, suffix: str) -> str:
    if suffix in office.TEXTS:
        return office.TEXTS[suffix](data, locator.source).text
    return decode(data, locator.source)[0]


def _field(locator: Locator, data: bytes, suffix: str, options: LoadingOptions) -> str:
    field = locator.field or ""
    if suffix == ".xlsx":
        return _in_tables(locator, office.sheets(data, locator.source, options))
    text, encoding = decode(data, locator.source)
    suffix = kind_of(locator.source, text)
    if suffix == ".jsonl":
        lines = [line for line in text.split("\n") if line.strip()]
        return str(structured.resolve(json.loads(lines[(locator.row or 0) - 1]), field))
    if suffix in {".json", ".yaml", ".yml"}:
        return str(structured.resolve(structured.parse(text, suffix, locator.source), field))
    return _in_tables(locator, [delimited(data, encoding, locator.source, options)])


def _in_tables(locator: Locator, tables: Iterable[Table]) -> str:
    for table in tables:
        names = [table.pointer(0, i) for i in range(len(table.names))] if table.pointer else list(table.names)
        if locator.field in names:
            row = next(itertools.islice(table.rows, (locator.row or 1) - 1, None))
            return row[names.index(locator.field)]
    raise KeyError(locator.field)
