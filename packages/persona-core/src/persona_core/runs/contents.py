"""What a run folder holds: the personas, the manifest, and how both are written and read again."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ValidationError

from persona_core.errors import CorpusMismatchError, LoadError, RunFolderError
from persona_core.loading.files import Given, find, sha256
from persona_core.models import Corpus, Generation, LoadingOptions, Notice, PersonaSet
from persona_core.models.noun import Noun
from persona_core.models.scorecard import Comparison, Scorecard
from persona_core.reading import parse_personas
from persona_core.rendering.markdown import render_markdown
from persona_core.text import some_of

_PACKAGES = ("persona-core", "persona-providers", "persona-sdk", "persona-cli", "persona-api")
_ALWAYS_SAID = frozenset({"model", "scenario", "cost_usd", "demographics"})
"""Written even where nothing stands there, so that a reader sees that it was not forgotten."""
_DROPPED_EMPTY = frozenset({"extra", "loading", "parts", "prompts", "withdrawn", "vacant"})
_FREE = frozenset({"extra", "demographics", "loading", "arguments", "left_out", "prompts"})
"""What the keys in here mean is not ours to know."""


class Input(Noun):
    """A file that a run read."""

    name: str
    """Its name in the corpus, where it became a source."""
    sha256: str
    """SHA-256 of its bytes, in hexadecimal."""
    path: str | None = None
    """Where it stood, absolute; nothing for standard input."""


class Manifest(Noun):
    """What a run was made of, with what and how."""

    schema_version: Literal["1"] = "1"
    versions: Mapping[str, str] = {}
    """Of our packages and of Python."""
    arguments: Mapping[str, Any] = {}
    """As they were in force; what says nothing is left out."""
    loading: LoadingOptions = LoadingOptions()
    """How the sources were read, so that they can be read so again."""
    inputs: tuple[Input, ...] = ()
    """Every file that was read, in the order it was."""
    participants_file: Input | None = None
    """The participants file, where there was one."""
    started_at: datetime | None = None
    """When the attempt began that made the folder whole; `generated_at` is the time of the run's first one."""
    timings: Mapping[str, float] = {}
    """Seconds, by stage."""
    generation: Generation = Generation()
    """The same as in `personas.json`."""
    prompts: Mapping[str, str] = {}
    """The prompts that a model was asked with: name and version, and the SHA-256 of the text."""
    egress: tuple[Mapping[str, Any], ...] = ()
    """For each host that was asked: `host`, `model`, how many `segments` it was sent, and whether `pseudonymised`."""
    warnings: tuple[Notice, ...] = ()
    """What the run said of what it read and made."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a run was made from, as `load` takes it."""

    sources: tuple[tuple[str, bytes], ...]
    options: LoadingOptions
    participants: Path | None


def to_json(noun: BaseModel) -> bytes:
    """Write a noun as people store it: UTF-8, indented, without what says nothing.

    The same noun gives the same bytes. In scorecards nothing is left out: there, a null says that something is unscored.
    """
    given = noun.model_dump(mode="json")
    whole = given if isinstance(noun, Scorecard | Comparison) else _tidy(given)
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


def _tidy(value: Any) -> Any:
    if isinstance(value, list):
        return [_tidy(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: each if key in _FREE else _tidy(each) for key, each in value.items() if not _silent(key, each)
    }


def _silent(key: str, value: Any) -> bool:
    if key in _DROPPED_EMPTY:
        return not value
    return value is None and key not in _ALWAYS_SAID


def read_personas(given: Path | str | bytes) -> PersonaSet:
    """Read a personas file, a run folder, or the bytes of a file: JSON or YAML, and permissively.

    Raises LoadError that names the file.
    """
    if isinstance(given, bytes):
        return _parse(given, "the personas")
    path = Path(given)
    file = path / "personas.json" if path.is_dir() else path
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        if path.is_dir():
            raise LoadError("is no run folder: it holds no personas.json", path=str(path)) from error
        raise LoadError("there is no such personas file", path=str(file)) from error
    except OSError as error:
        raise LoadError(
            f"cannot be read: {(error.strerror or str(error)).lower()}", path=str(file)
        ) from error
    return _parse(data, str(file))


def _parse(data: bytes, shown: str) -> PersonaSet:
    try:
        text = data.decode(json.detect_encoding(data))
        document = json.loads(text) if text.lstrip()[:1] in {"{", "["} else yaml.safe_load(text)
    except json.JSONDecodeError as error:
        raise LoadError("is not JSON", path=shown, place=f"line {error.lineno}") from error
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise LoadError("is neither JSON nor YAML", path=shown) from error
    try:
        return parse_personas(document)
    except LoadError as error:
        raise error if error.path else LoadError(error.detail, path=shown, place=error.place) from error


def read_manifest(folder: Path | str) -> Manifest:
    """Read a run folder's manifest; raises RunFolderError where there is none, or none of ours."""
    file = Path(folder) / "manifest.json"
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError:
        # Nothing was to be written, so that this is no error of writing.
        raise RunFolderError(f"{folder} is no run folder: it has no manifest.json that can be read") from None
    except ValidationError as error:
        raise RunFolderError(f"{file} is no manifest of this version") from error


def find_sources(folder: Path | str) -> Material:
    """Give the sources a run was made from, as long as each still stands where it did with the same bytes.

    Raises CorpusMismatchError that names those that do not.
    """
    manifest = read_manifest(folder)
    if manifest.loading.withdrawn and manifest.loading.only == ():
        raise CorpusMismatchError(
            f"every participant of {folder} has withdrawn: no sources and no personas are left in it"
        )
    found, problems = find_what_is_left(folder)
    if problems:
        raise CorpusMismatchError(say_what_is_missing(problems, folder))
    return found


def find_what_is_left(folder: Path | str) -> tuple[Material, dict[str, str]]:
    """Give the sources of a run that still stand where they did, and of the others by name what is wrong with them."""
    manifest = read_manifest(folder)
    problems: dict[str, str] = {}
    sources = [(each.name, data) for each in manifest.inputs if (data := _same(each, problems)) is not None]
    register = manifest.participants_file
    if register is not None:
        _same(register, problems)
    path = Path(register.path) if register is not None and register.path else None
    return Material(tuple(sources), manifest.loading, path), problems


def say_what_is_missing(problems: Mapping[str, str], folder: Path | str) -> str:
    """Say what is wrong with the sources of a run; of many, with the first five."""
    return f"the sources of {folder} are not what they were: {some_of(problems.values(), 5)}"


def _same(each: Input, problems: dict[str, str]) -> bytes | None:
    """The bytes of an input, or nothing and a problem."""
    if each.path is None:
        problems[each.name] = f"“{each.name}” did not come from a file"
        return None
    try:
        data = Path(each.path).read_bytes()
    except OSError:
        problems[each.name] = f"{each.path} is gone or cannot be read"
        return None
    if sha256(data) != each.sha256:
        problems[each.name] = f"{each.path} has changed"
        return None
    return data


def inputs_of(given: Iterable[Given], corpus: Corpus, participants: Path | None = None) -> tuple[Input, ...]:
    """List the files that were read for a corpus, those too that gave it no words."""
    known = {source.name: source.sha256 for source in corpus.sources}
    listed = []
    for file in find(given)[0]:
        if (
            participants is not None
            and file.path is not None
            and file.path.resolve() == participants.resolve()
        ):
            continue
        with suppress(LoadError):
            digest = known.get(file.name) or sha256(file.read())
            path = str(file.path.resolve()) if file.path is not None else None
            listed.append(Input(name=file.name, sha256=digest, path=path))
    return tuple(listed)


def input_of(path: Path) -> Input:
    """A file as a manifest lists it."""
    return Input(name=path.name, sha256=sha256(path.read_bytes()), path=str(path.resolve()))


def versions() -> dict[str, str]:
    """The versions of our packages that are installed, and of Python."""
    found = {}
    for name in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found | {"python": platform.python_version()}


def write_run(
    partial: Path, personas: PersonaSet, manifest: Manifest, pages: Mapping[str, str] | None = None
) -> None:
    """Write what a run made into its folder while that is still partial; `pages` are for people, by file name."""
    _write(partial / "personas.json", to_json(personas))
    for name, page in (pages or {"personas.md": render_markdown(personas)}).items():
        _write(partial / name, page.encode())
    _write(partial / "manifest.json", to_json(manifest))


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
