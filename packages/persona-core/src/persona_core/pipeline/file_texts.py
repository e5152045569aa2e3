"""What files say, whatever they are: text as it stands and without escapes, Office files, and cards in pictures."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona_core.errors import LoadError
from persona_core.loading import office
from persona_core.loading.decoding import decode
from persona_core.rendering.scripts import read_cards

_OFFICE: dict[str, Callable[[bytes, str], office.Extracted]] = {
    ".docx": office.extract_docx,
    ".pdf": office.extract_pdf,
    ".xlsx": office.extract_xlsx,
}


@dataclass(frozen=True, slots=True)
class FileTexts:
    """What a file says."""

    texts: tuple[str, ...]
    read: bool
    """Whether that is all: else it is of a kind that nobody here can look into."""


def texts_of(file: Path) -> FileTexts:
    """Read what a file says; a link that leads nowhere says nothing."""
    try:
        data = file.read_bytes()
    except OSError:
        return FileTexts((), read=not file.is_file())
    reader = _OFFICE.get(file.suffix.lower())
    if reader is not None:
        with suppress(LoadError):
            return FileTexts((reader(data, file.name).text,), read=True)
    if data.startswith(b"\x89PNG"):
        with suppress(LoadError, ValueError):
            return FileTexts(tuple(read_cards(data).values()), read=True)
    try:
        text, read = decode(data, file.name)[0], True
    except LoadError:
        text, read = data.decode("utf-8", errors="replace"), False
    return FileTexts(tuple(_forms(text)), read)


def _forms(text: str) -> Iterator[str]:
    """A text as it stands, without the escapes of HTML, and each text in it where it is JSON, which has escapes, too."""
    yield text
    yield html.unescape(text)
    with suppress(ValueError, RecursionError):
        yield from _strings(json.loads(text))


def _strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from _strings(list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
