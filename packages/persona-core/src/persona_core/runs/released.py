"""Which scripts of a run left, so that those can be named that are to be replaced."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from persona_core.loading.files import sha256
from persona_core.models.noun import Noun
from persona_core.runs.folder import alone_soon

RELEASES = "releases.jsonl"
_WAIT = 30.0
"""Seconds to wait for whoever revises the folder; a note that is written then nevertheless is looked for before it is put in place."""


class Released(Noun):
    """A script that left; holds nothing of what it says."""

    at: datetime
    """When, in UTC."""
    persona: str
    """Id of the persona."""
    format: str
    """The format it was rendered in."""
    file: str | None = None
    """Where it was written, absolute; nothing for standard output."""
    sha256: str
    """SHA-256 of its bytes, in hexadecimal."""


def note_release(
    run: Path, persona: str, format: str, content: str | bytes, file: Path | None = None
) -> None:
    """Note in a run folder that a script of it left; a folder that cannot be written to notes nothing.

    While another process revises the folder, this waits for it, up to half a minute.
    """
    data = content if isinstance(content, bytes) else content.encode()
    released = Released(
        at=datetime.now(UTC).replace(microsecond=0),
        persona=persona,
        format=format,
        file=str(file.absolute()) if file is not None else None,
        sha256=sha256(data),
    )
    line = released.model_dump_json(exclude_none=True).encode() + b"\n"
    with suppress(OSError), alone_soon(run, _WAIT), (run / RELEASES).open("a+b") as stream:
        stream.seek(0)
        torn = stream.read()[-1:] not in {b"", b"\n"}
        stream.write(b"\n" * torn + line)


def write_releases(run: Path, released: Iterable[Released]) -> None:
    """Write the list of scripts that left; none where there is nothing to list."""
    if lines := "".join(each.model_dump_json(exclude_none=True) + "\n" for each in released):
        (run / RELEASES).write_text(lines, encoding="utf-8")


def releases_of(run: Path) -> list[Released]:
    """The scripts of a run that left, oldest first, each once; a torn line is left out."""
    try:
        lines = (run / RELEASES).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found: dict[tuple[str, str | None, str], Released] = {}
    for line in lines:
        with suppress(ValidationError):
            each = Released.model_validate_json(line)
            found.setdefault((each.persona, each.file, each.sha256), each)
    return list(found.values())
