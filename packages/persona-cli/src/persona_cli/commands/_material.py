"""The personas that a command is given, and the sources they were made from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from persona_cli.commands import _options
from persona_core.errors import ConfigurationError
from persona_core.loading import load
from persona_core.models import Corpus, PersonaSet
from persona_core.runs import find_sources, read_manifest, read_personas


def personas_of(given: str, sources: tuple[str, ...] = ()) -> PersonaSet:
    """Read a personas file, a run folder, or `-` for standard input."""
    if given == "-" and "-" in sources:
        raise click.UsageError("standard input (-) can be read only once")
    return read_personas(sys.stdin.buffer.read() if given == "-" else given)


def corpus_of(
    ctx: click.Context,
    personas: str,
    made: PersonaSet,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
    *,
    any_corpus: bool = False,
) -> Corpus | None:
    """Load the sources as they were read when the personas were made; None where nobody says which they are.

    A run folder knows its own. `values` are the loading options of the command.
    """
    run = run_of(personas)
    if sources:
        return _given(ctx, made, run, sources, values, told, any_corpus)
    if run is None:
        return None
    material = find_sources(run)
    options = _options.typed(ctx, values).loading(material.options.model_dump())
    register = values["participants"] or material.participants
    return load(material.sources, options, participants=register, progress=told)


def _given(
    ctx: click.Context,
    made: PersonaSet,
    run: Path | None,
    sources: tuple[str, ...],
    values: Mapping[str, Any],
    told: Any,
    any_corpus: bool,
) -> Corpus:
    options = _options.typed(ctx, values).loading(made.corpus.loading)
    register, given = values["participants"] or _register_of(run), _options.sources_of(sources)
    try:
        return load(given, options, participants=register, progress=told)
    except ConfigurationError:
        if not any_corpus or values.get("participant_column") or values.get("columns"):
            raise
        # What was said of the columns of other sources says nothing of these.
        options = options.model_copy(update={"participant_column": None, "column_roles": {}})
        return load(given, options, participants=register, progress=told)


def run_of(personas: str) -> Path | None:
    """The run folder that personas come from, where they do."""
    path = Path(personas)
    folder = path if path.is_dir() else path.parent if path.name == "personas.json" else None
    return folder if folder is not None and (folder / "manifest.json").exists() else None


def _register_of(run: Path | None) -> Path | None:
    register = read_manifest(run).participants_file if run is not None else None
    known = register is not None and register.path and Path(register.path).exists()
    return Path(register.path) if known and register is not None and register.path else None
