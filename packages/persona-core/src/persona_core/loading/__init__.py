"""Files to a corpus: who is who, what is a question, and where every word stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from persona_core.errors import LoadError
from persona_core.loading import office
from persona_core.loading.assembly import assemble
from persona_core.loading.builder import Builder
from persona_core.loading.consent import Register, holds_answers, is_register, one_header, read_register
from persona_core.loading.decoding import decode
from persona_core.loading.doubts import tell_doubts
from persona_core.loading.files import SUFFIXES, Found, Given, counted, find, kind_of, sha256
from persona_core.loading.locating import read_back
from persona_core.loading.prose import read_captions, read_text
from persona_core.loading.roles import cast
from persona_core.loading.structured import read_structured
from persona_core.loading.table import read_delimited
from persona_core.models.corpus import Corpus
from persona_core.models.notice import Notice
from persona_core.models.options import LoadingOptions

__all__ = ["SUFFIXES", "Told", "load", "read_back", "read_register"]

_OURS = re.compile(rb'\s*\{\s*"schema_version"\s*:')
_CONSENT = re.compile(rb"quote[ _-]?ok|with[ _-]?drawn", re.IGNORECASE)
Told = Callable[[str, int, int], None]
"""Progress: a stage, how much is done, of how much."""


def load(
    sources: Given | Iterable[Given],
    options: LoadingOptions | None = None,
    *,
    participants: Path | str | tuple[str, bytes] | None = None,
    progress: Told | None = None,
) -> Corpus:
    """Load research material into a corpus.

    `sources` are paths, folders, `-`, or (name, bytes); `participants` is a CSV, as a path or (name, bytes), with `participant` or `file`, and
    any of `group`, `quote_ok`, `withdrawn` and demographics. Raises LoadError that names file and place.
    """
    builder = Builder(options or LoadingOptions())
    files, left_out = find(_listed(sources))
    register = Register()
    if isinstance(participants, tuple):
        register = read_register(participants[1], participants[0])
    elif participants is not None:
        register_path = Path(participants)
        register = read_register(Found(register_path.name, register_path).read(), str(register_path))
        files = [
            file for file in files if file.path is None or file.path.resolve() != register_path.resolve()
        ]
    seen: dict[str, str] = {}
    for done, file in enumerate(files):
        if progress:
            progress("reading", done, len(files))
        register = _read_one(builder, file, seen, register, fixed=participants is not None)
    if not builder.columns.texts:
        raise LoadError(_nothing_found(files, left_out, builder.notices))
    _tell_what_was_left_out(builder, left_out)
    builder.take_for_participants(builder.options.answering)
    tell_doubts(builder)
    corpus = assemble(builder, cast(builder, register), register)
    if not len(corpus):
        raise LoadError("every participant withdrew: there is nobody left whose words could be used")
    return corpus


def _listed(sources: Given | Iterable[Given]) -> list[Given]:
    """One source or many, as a list; a pair of name and bytes is one."""
    if isinstance(sources, (str, Path)):
        return [sources]
    if isinstance(sources, tuple) and len(sources) == 2 and isinstance(sources[1], bytes):
        return [(str(sources[0]), sources[1])]
    return list(sources)


def _read_one(
    builder: Builder, file: Found, seen: dict[str, str], register: Register, *, fixed: bool
) -> Register:
    segments, whos, begun = len(builder.columns.texts), len(builder.whos), len(builder.sources)
    try:
        data = file.read()
        digest = sha256(data)
        if digest in seen:
            builder.notice(
                "same_twice", f"“{file.name}” holds the same bytes as “{seen[digest]}” and was left out"
            )
            return register
        if _OURS.match(data) and (b'"personas":' in data or b'"persona-core"' in data):
            builder.notice(
                "own_file", f"“{file.name}” was written by Persona, is no research material and was left out"
            )
            return register
        if file.name.lower().endswith((".csv", ".tsv")) and (found := _as_register(data, file.shown)):
            entries, survey = found
            register = register if fixed else register.joined(entries)
            builder.notice("participants_file", _taken_for_register(file.name, fixed=fixed, survey=survey))
            if not survey:
                return register
        if builder.options.only is not None and file.name not in builder.options.only:
            return register
        seen[digest] = file.name
        builder.begin(file.name, digest)
        _parse(builder, data, file)
        builder.end()
        if len(builder.columns.texts) == segments:
            # Counted below, like all that is unreadable.
            raise LoadError("holds no words of anybody", path=file.shown)  # noqa: TRY301
    except LoadError as error:
        if not builder.options.skip_unreadable:
            raise
        if len(builder.sources) > begun:
            builder.rollback(segments, whos)
        builder.notice("unreadable", f"left out: {error}")
    return register


def _as_register(data: bytes, path: str) -> tuple[Register, bool] | None:
    """What a table says of participants, where it is a participants file; and whether it is a survey beside that."""
    if not _CONSENT.search(data[:65536].replace(b"\0", b"")):
        return None
    table = one_header(data, path)
    if not is_register(table.names):
        return None
    survey = holds_answers(table)
    return read_register(data, path, survey=survey), survey


def _taken_for_register(name: str, *, fixed: bool, survey: bool) -> str:
    if fixed:
        what = "its own columns for consent were not" if survey else "it was not"
        return f"“{name}” looks like a participants file; since another was given, {what} heeded"
    return f"“{name}” was taken for {'a survey and ' if survey else ''}the participants file"


def _parse(builder: Builder, data: bytes, file: Found) -> None:
    """Hand the bytes to the reader of their kind."""
    suffix = Path(file.name).suffix.lower()
    if suffix in office.READERS:
        office.READERS[suffix](builder, data, file.shown)
        return
    text, builder.source.encoding = decode(data, file.shown)
    if builder.source.encoding not in {"utf-8", "utf-16", "utf-16-le", "utf-16-be"}:
        builder.notice("encoding", f"“{file.name}” is not UTF-8; it was read as {builder.source.encoding}")
    suffix = kind_of(file.name, text)
    if suffix in {".csv", ".tsv"}:
        del text
        read_delimited(builder, data, builder.source.encoding, file.shown)
    elif suffix in {".json", ".jsonl", ".yaml", ".yml"}:
        read_structured(builder, text, suffix, file.shown)
    elif suffix in {".vtt", ".srt"}:
        read_captions(builder, text)
    else:
        read_text(builder, text)


def _nothing_found(files: Sequence[Found], left_out: Counter[str], notices: Sequence[Notice]) -> str:
    if files and all(notice.code in {"own_file", "same_twice"} for notice in notices):
        return f"there is nothing to read: {notices[0].message}"
    if files:
        return "none of the files could be read; without --skip-unreadable the first reason is shown"
    beside = f" ({counted(left_out)} left out)" if left_out else ""
    return f"there is nothing to read{beside}; give files or folders of {', '.join(SUFFIXES)}"


def _tell_what_was_left_out(builder: Builder, left_out: Counter[str]) -> None:
    if left_out:
        builder.notice("files_left_out", f"left out of the folders: {counted(left_out)}")
