"""A participant who withdraws from a run: what rests on them, and the run without it."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from persona_core.errors import CorpusMismatchError, LoadError
from persona_core.loading import load
from persona_core.loading.decoding import decode
from persona_core.models import Corpus, LoadingOptions, PersonaSet
from persona_core.models.script import MARKER
from persona_core.pipeline.reporting import pages_of_a_run
from persona_core.pipeline.scoring import score
from persona_core.rendering.scripts import read_cards
from persona_core.runs import (
    JOURNAL,
    RELEASES,
    Manifest,
    Material,
    Released,
    find_sources,
    read_manifest,
    read_personas,
    releases_of,
    revised_folder,
    settle,
    write_releases,
    write_run,
)
from persona_core.verification import require_corpus
from persona_core.withdrawal import Revision, without

Told = Callable[[str, int, int], None]
_OURS = frozenset(
    {"personas.json", "personas.md", "report.html", "manifest.json", JOURNAL, RELEASES, ".lock"}
)
"""What is written anew, or goes."""
_SCORED = 50_000
"""Segments above which nothing is scored on the way."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What it takes to take a participant out of a run folder; after `apply` it is done."""

    folder: Path
    revision: Revision
    missing_sources: str
    """Why the sources were not at hand, so that only quoted words are known; empty where they were."""
    before: float | None
    """The overall score of the set, 0–100, where it could be taken."""
    after: float | None
    journal: int
    """Lines of the journal, which goes as a whole: every answer in it may rest on their words."""
    removed: tuple[str, ...]
    """Other files of the folder that go: they repeat their words, or are scripts of personas that change."""
    to_replace: tuple[Released, ...]
    """Scripts that left before, of personas that change."""
    still_held: tuple[str, ...]
    """Files outside the folder that hold their words; nobody but their owner deletes them."""
    hosts: tuple[str, ...]
    """Where words of this run were sent to."""


def withdraw(
    run: Path | str,
    participant: str,
    *,
    apply: bool = False,
    at: datetime | None = None,
    told: Told | None = None,
) -> Withdrawn:
    """List what of a run folder rests on a participant; with `apply` take it out: done, or not done, never half.

    `participant` is a code, or what the data calls them. Raises ConfigurationError where the run knows no such
    participant, RunFolderError where the folder is none or cannot be written.
    """
    folder = Path(run).absolute()
    folder = (folder.parent if folder.name == "personas.json" else folder).resolve()
    settle(folder)
    read_manifest(folder)
    if not apply:
        return _Plan(folder, participant, at, told).withdrawn
    with revised_folder(folder) as (partial, keep):
        # Read now, and not before: somebody else may have been taken out meanwhile.
        plan = _Plan(folder, participant, at, told)
        keep |= plan.kept
        write_run(partial, plan.revision.personas, plan.manifest(), plan.pages())
        write_releases(partial, plan.released)
    return plan.withdrawn


def revise(
    personas: PersonaSet,
    participant: str,
    corpus: Corpus | None,
    read: Callable[[Mapping[str, Any]], Corpus] | None,
    *,
    at: datetime | None = None,
) -> tuple[Revision, Corpus | None]:
    """Take a participant out of personas, and read the sources again without them; no corpus where nobody else speaks.

    `read` reads the sources as the personas say theirs are read. Their own files are no sources any more, unless those
    tell who is who in others': then they stay in the list, and are read past.
    """
    if corpus is None or read is None or len(corpus.people) == 1:
        return without(personas, participant, corpus, at=at, drop_files=read is not None), None
    revision = without(personas, participant, corpus, at=at)
    after = read(revision.personas.corpus.loading)
    if after.digest != revision.personas.corpus.digest or _said(corpus, revision.participant) != _said(after):
        revision = without(personas, participant, corpus, at=at, drop_files=False)
        after = read(revision.personas.corpus.loading)
    # Their files may be read no more: then nobody but us knows what is theirs.
    after.unsaid |= revision.words.hashes
    return revision, after


class _Plan:
    """Works out once what a withdrawal does to a run folder."""

    def __init__(self, folder: Path, participant: str, at: datetime | None, told: Told | None) -> None:
        self._told, self._missing = told, ""
        self._manifest, made = read_manifest(folder), read_personas(folder)
        found = self._found(folder)
        before = self._before(found, made) if found is not None else None
        read = None if found is None else partial(self._load, found)
        self.revision, self._after = revise(made, participant, before, read, at=at)
        changed = {change.id for change in self.revision.changes}
        released = releases_of(folder)
        gone = [each for each in released if each.persona in changed]
        self.released = tuple(each for each in released if each not in gone)
        files = [each for each in _files(folder) if each not in _OURS]
        removed = [each for each in files if self._goes(folder / each)]
        self.kept = set(files) - set(removed)
        self.withdrawn = Withdrawn(
            folder=folder,
            revision=self.revision,
            missing_sources=self._missing,
            before=_scored(made, before),
            after=_scored(self.revision.personas, self._after),
            journal=_lines(folder / JOURNAL),
            removed=tuple(removed),
            to_replace=tuple(gone),
            still_held=tuple(self._still_held()),
            hosts=tuple(dict.fromkeys(str(each["host"]) for each in self._manifest.egress if "host" in each)),
        )

    def _found(self, folder: Path) -> Material | None:
        try:
            return find_sources(folder)
        except CorpusMismatchError as error:
            self._missing = str(error)
            return None

    def _before(self, found: Material, made: PersonaSet) -> Corpus | None:
        """The corpus of the personas, where their sources still give it."""
        try:
            corpus = load(found.sources, found.options, participants=found.participants, progress=self._told)
            require_corpus(made.corpus, corpus)
        except (LoadError, CorpusMismatchError) as error:
            self._missing = str(error)
            return None
        return corpus

    def _load(self, found: Material, recorded: Mapping[str, Any]) -> Corpus:
        options = self._loading(recorded)
        return load(found.sources, options, participants=found.participants, progress=self._told)

    def _loading(self, recorded: Mapping[str, Any]) -> LoadingOptions:
        return LoadingOptions.model_validate({**self._manifest.loading.model_dump(), **recorded})

    def _goes(self, file: Path) -> bool:
        """Whether another file of the folder repeats their words, or is a script that nobody knows to be of another persona."""
        words = self.revision.words
        texts = (file.name, *_texts(file))
        if any(map(words.repeated_in, texts)):
            return True
        others = {each.sha256 for each in self.released}
        return any(MARKER in text for text in texts) and _sha256(file) not in others

    def _still_held(self) -> Iterator[str]:
        for each in self._manifest.inputs:
            if each.name in self.revision.spoken_in:
                yield each.path or each.name

    def pages(self) -> dict[str, str]:
        """What the folder holds for people."""
        return pages_of_a_run(self.revision.personas, self._after)

    def manifest(self) -> Manifest:
        """The manifest without their files and words."""
        made, revision = self._manifest, self.revision
        notices = (*revision.personas.warnings, *(self._after.notices if self._after is not None else ()))
        dropped = {each.path for each in made.inputs if each.name in revision.dropped}
        return made.model_copy(
            update={
                "loading": self._loading(revision.personas.corpus.loading),
                "inputs": tuple(each for each in made.inputs if each.name not in revision.dropped),
                "arguments": {
                    name: _unnamed(value, dropped, revision.labels) for name, value in made.arguments.items()
                },
                "warnings": tuple(dict.fromkeys(notices)),
            }
        )


def _unnamed(value: Any, dropped: Set[str | None], labels: Set[str]) -> Any:
    """An argument of a run without their labels, and without paths of files that are its no more."""
    if isinstance(value, (list, tuple)):
        return [
            each
            for each in value
            if not (
                isinstance(each, str) and (each.casefold() in labels or str(Path(each).resolve()) in dropped)
            )
        ]
    return value


def _said(corpus: Corpus, leaving_out: str = "") -> dict[str, str]:
    """Who said each segment, by its id."""
    said = ((i, corpus.participant(i)) for i in range(len(corpus)))
    return {corpus.segment_id(i): code for i, code in said if code is not None and code != leaving_out}


def _scored(personas: PersonaSet, corpus: Corpus | None) -> float | None:
    if corpus is None or len(corpus) > _SCORED or not personas.personas:
        return None
    return score(personas, corpus).set.overall


def _files(folder: Path) -> list[str]:
    found = (each for each in sorted(folder.rglob("*")) if each.is_file() or each.is_symlink())
    return [each.relative_to(folder).as_posix() for each in found]


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.is_file() else 0


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _texts(file: Path) -> list[str]:
    """What a file says, as far as it is text or a card in a picture."""
    try:
        data = file.read_bytes()
    except OSError:
        return []
    if data.startswith(b"\x89PNG"):
        with suppress(LoadError, ValueError):
            return list(read_cards(data).values())
    try:
        text, _ = decode(data, file.name)
    except LoadError:
        text = data.decode("utf-8", errors="replace")
    found = [text, html.unescape(text)]
    with suppress(ValueError, RecursionError):
        # In JSON, letters and line ends may be written as escapes.
        found += _strings(json.loads(text))
    return found


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
