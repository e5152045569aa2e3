"""From what was named to files: folders walked, names made relative, bytes read once."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from persona_core.errors import LoadError

SUFFIXES = (
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".yaml",
    ".yml",
    ".txt",
    ".md",
    ".vtt",
    ".srt",
    ".docx",
    ".pdf",
    ".xlsx",
)

_ONE = re.compile(r"\b(answer|file|folder|line|question|row|sheet|turn)s\b")
_OF_A_RUN = ("personas.json", "manifest.json")

Given = str | Path | tuple[str, bytes]
"""A path, `-` for standard input, or a name with its bytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its name in the corpus, and its path or its bytes."""

    name: str
    path: Path | None
    data: bytes | None = None

    @property
    def shown(self) -> str:
        """How messages name it."""
        return str(self.path) if self.path is not None else self.name

    def read(self) -> bytes:
        """Read its bytes; an unreadable or empty file is an error that names it."""
        if self.path is None:
            data = self.data or b""
        else:
            try:
                data = self.path.read_bytes()
            except OSError as error:
                raise LoadError(
                    f"cannot be read: {(error.strerror or 'unknown reason').lower()}", path=self.shown
                ) from error
        if not data.strip():
            raise LoadError("is empty", path=self.shown)
        return data


def find(given: Iterable[Given]) -> tuple[list[Found], Counter[str]]:
    """Find the files; gives them in order, and what folders hold beside them, counted by kind."""
    left_out: Counter[str] = Counter()
    found: list[tuple[str, Found]] = []
    seen: set[Path] = set()
    for each in given:
        for parent, file in _expand(each, left_out):
            real = file.path.resolve() if file.path else None
            if real is None or real not in seen:
                found.append((parent, file))
                seen |= {real} if real else set()
    return _distinct(found), left_out


def _expand(given: Given, left_out: Counter[str]) -> Iterator[tuple[str, Found]]:
    if isinstance(given, tuple):
        yield "", Found(given[0], None, given[1])
        return
    if str(given) == "-":
        yield "", Found("stdin", None, sys.stdin.buffer.read())
        return
    path = Path(given)
    if path.is_dir():
        for file in _walk(path, left_out):
            yield path.resolve().name, Found(file.relative_to(path).as_posix(), file)
    elif not path.exists():
        raise LoadError("there is no such file or folder", path=str(path))
    elif path.suffix.lower() not in SUFFIXES:
        raise LoadError(
            f"files of this kind cannot be read; these can: {', '.join(SUFFIXES)}", path=str(path)
        )
    else:
        yield path.resolve().parent.name, Found(path.name, path)


def _walk(folder: Path, left_out: Counter[str]) -> Iterator[Path]:
    unreadable: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=unreadable.append):
        runs = {name for name in folders if _is_run(Path(root) / name)}
        left_out.update(["run folders"] * len(runs))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in runs)
        for name in sorted(files):
            if name.startswith("."):
                left_out["dot-files"] += 1
            elif name.upper().startswith(("LICENSE", "LICENCE", "README")):
                left_out["licence and readme files"] += 1
            elif not name.lower().endswith(SUFFIXES):
                left_out[f"{Path(name).suffix.lower() or 'suffixless'} files"] += 1
            elif _is_output(Path(root) / name):
                left_out["file that is being written"] += 1
            else:
                yield Path(root) / name
    for error in unreadable:  # a folder that cannot be looked into fails where a file would
        yield Path(error.filename)


def _is_output(file: Path) -> bool:
    """Whether a file is what the output goes to: `> personas.json` in the folder that is read."""
    with suppress(OSError, ValueError):
        return os.path.samestat(file.stat(), os.fstat(sys.stdout.fileno()))
    return False


def _is_run(folder: Path) -> bool:
    """Whether a folder holds what this product made, whole or not: personas are no research material."""
    with suppress(PermissionError):  # what cannot be looked into is said when it is walked
        return folder.name.endswith(".partial") or all((folder / name).is_file() for name in _OF_A_RUN)
    return False


def _distinct(found: list[tuple[str, Found]]) -> list[Found]:
    """Put the folder before names that stand twice."""
    counts = Counter(file.name for _, file in found)
    used: Counter[str] = Counter()
    distinct = []
    for parent, file in found:
        name = f"{parent}/{file.name}" if counts[file.name] > 1 and parent else file.name
        used[name] += 1
        name = name if used[name] == 1 else f"{name} ({used[name]})"
        distinct.append(Found(name, file.path, file.data))
    return distinct


def counted(counts: Mapping[str, int]) -> str:
    """What was left out, in words: `1 run folder, 2 empty answers`."""
    singular = {kind: _ONE.sub(r"\1", kind) for kind in counts}
    return ", ".join(f"{n} {singular[kind] if n == 1 else kind}" for kind, n in sorted(counts.items()))


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def kind_of(name: str, text: str) -> str:
    """The file ending that a text is read by: its name's; where it has none (standard input), the one its start fits."""
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    start = text[:20_000].lstrip()
    first, _, rest = start.partition("\n")
    if start.startswith("WEBVTT"):
        return ".vtt"
    if start.startswith("{") or re.match(r'\[\s*[\[{"]', start):
        objects = [line.strip() for line in (first, rest.strip().partition("\n")[0])]
        return ".jsonl" if all(line.startswith("{") and line.endswith("}") for line in objects) else ".json"
    if first.strip().isdecimal() and re.match(r"[\d:,. ]+-->", rest):
        return ".srt"
    return ".csv" if _is_header(first, rest.partition("\n")[0]) else ".txt"


def _is_header(first: str, second: str) -> bool:
    """Whether a line could be a table's header: it parts like the next, and not as a sentence does."""
    if ": " in first or re.search(r",\s", first.rstrip()):
        return False
    return any(mark in first and mark in second for mark in (",", ";", "\t", "|"))
