"""A participant who withdraws from a run: what rests on them, and the run without it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from persona_core.loading import Told
from persona_core.loading.files import sha256
from persona_core.models import Corpus, PersonaSet
from persona_core.models.script import MARKER
from persona_core.pipeline.file_texts import texts_of
from persona_core.pipeline.reporting import MOST_SCORED, pages_of_a_run
from persona_core.pipeline.rereading import reread
from persona_core.pipeline.scoring import score
from persona_core.runs import (
    JOURNAL,
    RELEASES,
    Input,
    Manifest,
    Released,
    looked_at,
    read_manifest,
    releases_of,
    revised_folder,
    settle,
    write_releases,
    write_run,
)
from persona_core.withdrawal import Revision, without

_OURS = frozenset(
    {"personas.json", "personas.md", "report.html", "manifest.json", JOURNAL, RELEASES, ".lock"}
)
"""What is written anew, or goes."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What it takes to take a participant out of a run folder; after `apply` it is done."""

    folder: Path
    revision: Revision
    missing_sources: str
    """Which sources are not what they were; empty where all are."""
    quotes_only: bool
    """Whether so much is missing that only quoted words are known."""
    before: float | None
    """The overall score of the set, 0–100, where it could be taken."""
    after: float | None
    journal: int
    """Lines of the journal, which goes as a whole: every answer in it may rest on their words."""
    removed: tuple[str, ...]
    """Other files of the folder that go: they repeat their words, or are scripts of personas that change."""
    kept: tuple[str, ...]
    """Other files of the folder that stay."""
    not_looked_into: tuple[str, ...]
    """Those of them that nobody here can read."""
    to_replace: tuple[Released, ...]
    """Scripts that left before, of personas that change."""
    released: tuple[Released, ...]
    """Scripts that left before, of other personas."""
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
        return _Plan(folder, participant, at, told).looked()
    with revised_folder(folder) as revising:
        # Read now, and not before: somebody else may have been taken out meanwhile.
        plan = _Plan(folder, participant, at, told)
        write_run(revising.partial, plan.revision.personas, plan.manifest(), plan.pages())
        # And this last: a script may have left, or a file have come, while all that was worked out.
        revising.seen = looked_at(folder)
        done = plan.looked()
        revising.keep.update(done.kept)
        write_releases(revising.partial, done.released)
    return done


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
    after.unsaid = after.unsaid.union(revision.words.hashes)
    return revision, after


class _Plan:
    """Works out once what a withdrawal does to a run folder, and then what becomes of whatever else lies in it."""

    def __init__(self, folder: Path, participant: str, at: datetime | None, told: Told | None) -> None:
        self._folder, self._run = folder, reread(folder, participant, told)
        run = self._run
        read = None if run.corpus is None else run.read
        self.revision, self._after = revise(run.personas, participant, run.corpus, read, at=at)
        self._before = _scored(run.personas, run.corpus)
        self._now = _scored(self.revision.personas, self._after)

    def pages(self) -> dict[str, str]:
        """What the folder holds for people; without the sources, at least nobody is named who was not before."""
        personas = self.revision.personas
        if self._after is not None or not personas.personas:
            return pages_of_a_run(personas, self._after)
        return pages_of_a_run(personas, self._run.names(), card=score(personas))

    def manifest(self) -> Manifest:
        """The manifest without their files and words."""
        made, revision = self._run.manifest, self.revision
        notices = (*revision.personas.warnings, *(self._after.notices if self._after is not None else ()))
        gone = _alike(made, {*revision.dropped, *self._run.gone})
        dropped = {each.path for each in gone if each.path is not None}
        return made.model_copy(
            update={
                "loading": self._run.loading(revision.personas.corpus.loading),
                "inputs": tuple(each for each in made.inputs if each not in gone),
                "arguments": {
                    name: _unnamed(value, dropped, revision.labels) for name, value in made.arguments.items()
                },
                "warnings": tuple(dict.fromkeys(notices)),
            }
        )

    def looked(self) -> Withdrawn:
        """Look at what else lies in the folder now."""
        run, revision = self._run, self.revision
        changed = {change.id for change in revision.changes}
        released = releases_of(self._folder)
        gone = tuple(each for each in released if each.persona in changed)
        others = {each.sha256 for each in released if each not in gone}
        judged = {each: self._judged(each, others) for each in _files(self._folder) if each not in _OURS}
        return Withdrawn(
            folder=self._folder,
            revision=revision,
            missing_sources=run.missing,
            quotes_only=run.corpus is None,
            before=self._before,
            after=self._now,
            journal=_lines(self._folder / JOURNAL),
            removed=tuple(each for each, verdict in judged.items() if verdict == "goes"),
            kept=tuple(each for each, verdict in judged.items() if verdict != "goes"),
            not_looked_into=tuple(each for each, verdict in judged.items() if verdict == "unread"),
            to_replace=gone,
            released=tuple(each for each in released if each not in gone),
            still_held=tuple(each.path or each.name for each in _alike(run.manifest, {*revision.spoken_in})),
            hosts=tuple(dict.fromkeys(str(each["host"]) for each in run.manifest.egress if "host" in each)),
        )

    def _judged(self, name: str, others: Set[str]) -> Literal["goes", "stays", "unread"]:
        """Whether a file goes: it repeats their words, or is a script that nobody knows to be of another persona."""
        file, words = self._folder / name, self.revision.words
        found = texts_of(file)
        if any(map(words.repeated_in, (file.name, *found.texts))):
            return "goes"
        if any(MARKER in text for text in found.texts) and sha256(file.read_bytes()) not in others:
            return "goes"
        return "stays" if found.read else "unread"


def _alike(made: Manifest, names: Set[str]) -> list[Input]:
    """The files of those names that a run read, and every copy of them."""
    hashes = {each.sha256 for each in made.inputs if each.name in names}
    return [each for each in made.inputs if each.sha256 in hashes]


def _unnamed(value: Any, dropped: Set[str], labels: Set[str]) -> Any:
    """An argument of a run without their labels, and without paths of files that are its no more."""
    if isinstance(value, (list, tuple)):
        return [
            each
            for each in value
            if not (isinstance(each, str) and (each.casefold() in labels or _is_one_of(each, dropped)))
        ]
    return value


def _is_one_of(path: str, files: Set[str]) -> bool:
    """Whether a path is of one of the files, seen from here or from any folder: nobody knows where a run was started."""
    below = tuple(part for part in Path(os.path.normpath(path)).parts if part != os.pardir)
    there = (Path(file).parts for file in files)
    return str(Path(path).resolve()) in files or any(
        below and parts[-len(below) :] == below for parts in there
    )


def _said(corpus: Corpus, leaving_out: str = "") -> dict[str, str]:
    """Who said each segment, by its id."""
    said = ((i, corpus.participant(i)) for i in range(len(corpus)))
    return {corpus.segment_id(i): code for i, code in said if code is not None and code != leaving_out}


def _scored(personas: PersonaSet, corpus: Corpus | None) -> float | None:
    if corpus is None or len(corpus) > MOST_SCORED or not personas.personas:
        return None
    return score(personas, corpus).set.overall


def _files(folder: Path) -> list[str]:
    found = (each for each in sorted(folder.rglob("*")) if each.is_file() or each.is_symlink())
    return [each.relative_to(folder).as_posix() for each in found]


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.is_file() else 0
