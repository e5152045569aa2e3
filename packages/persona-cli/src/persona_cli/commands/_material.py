"""The personas that a command is given, and the sources they were made from."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from persona_cli.commands import _options
from persona_core.errors import ConfigurationError, RunFolderError
from persona_core.loading import load
from persona_core.loading.files import Given
from persona_core.models import Corpus, PersonaSet
from persona_core.models.job import ReadingOptions
from persona_core.runs import find_sources, read_manifest, read_personas, settle


def personas_of(given: str, sources: tuple[str, ...] = ()) -> PersonaSet:
    """Read a personas file, a run folder, or `-` for standard input."""
    _options.read_once(given, *sources)
    if given == "-":
        return read_personas(sys.stdin.buffer.read())
    with suppress(RunFolderError):  # another process is at it, or nothing can be written there
        settle(Path(given).resolve())
    return read_personas(given)


@dataclass(frozen=True, slots=True)
class Material:
    """Sources, how they are read, and what was read."""

    sources: Sequence[Given]
    reading: ReadingOptions
    """What differs from how they were read when the personas were made."""
    participants: Path | None
    corpus: Corpus

    def asked(self) -> dict[str, Any]:
        """It as arguments of a client."""
        return {
            "sources": list(self.sources),
            "participants": self.participants or (),
            **self.reading.model_dump(exclude_unset=True),
        }


def material_of(
    ctx: click.Context,
    personas: str,
    made: PersonaSet,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
    *,
    any_corpus: bool = False,
) -> Material | None:
    """Load the sources as they were read when the personas were made; None where nobody says which they are.

    A run folder knows its own. `values` are the loading options of the command.
    """
    run = run_of(personas)
    if sources:
        return _given(ctx, made, run, sources, values, told, any_corpus)
    if run is None:
        return None
    found = find_sources(run)
    reading = _options.typed(ctx, values)
    register = values["participants"] or found.participants
    options = reading.loading(found.options.model_dump())
    corpus = load(found.sources, options, participants=register, progress=told)
    return Material(found.sources, reading, register, corpus)


def material(sources: tuple[str, ...], values: Mapping[str, Any], told: Any) -> Material:
    """Load the sources of a study, as the options say."""
    given, reading, register = (
        _options.sources_of(sources),
        _options.reading(values),
        values["participants"],
    )
    return Material(
        given, reading, register, load(given, reading.loading(), participants=register, progress=told)
    )


def _given(
    ctx: click.Context,
    made: PersonaSet,
    run: Path | None,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
    any_corpus: bool,
) -> Material:
    reading, recorded = _options.typed(ctx, values), made.corpus.loading
    register, given = values["participants"] or _register_of(run), _options.sources_of(sources)
    try:
        corpus = load(given, reading.loading(recorded), participants=register, progress=told)
    except ConfigurationError:
        if not any_corpus or values.get("participant_column") or values.get("columns"):
            raise
        # What was said of the columns of other sources says nothing of these.
        typed = reading.model_dump(exclude_unset=True)
        reading = ReadingOptions(**{**typed, "participant_column": None, "columns": {}})
        corpus = load(given, reading.loading(recorded), participants=register, progress=told)
    return Material(given, reading, register, corpus)


def run_of(personas: str) -> Path | None:
    """The run folder that personas come from, where they do."""
    path = Path(personas)
    folder = path if path.is_dir() else path.parent if path.name == "personas.json" else None
    return folder if folder is not None and (folder / "manifest.json").exists() else None


def _register_of(run: Path | None) -> Path | None:
    register = read_manifest(run).participants_file if run is not None else None
    known = register is not None and register.path and Path(register.path).exists()
    return Path(register.path) if known and register is not None and register.path else None
