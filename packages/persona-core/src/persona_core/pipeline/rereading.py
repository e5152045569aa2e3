"""The sources of a run read again for a withdrawal, also where some of them are gone by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from persona_core.consent import withheld
from persona_core.errors import ConfigurationError, CorpusMismatchError, LoadError
from persona_core.loading import Told, load
from persona_core.loading.files import Given
from persona_core.models import Corpus, LoadingOptions, PersonaSet
from persona_core.models.corpus import Columns, digest_of
from persona_core.naming import names_in
from persona_core.runs import (
    Manifest,
    Material,
    find_what_is_left,
    read_manifest,
    read_personas,
    say_what_is_missing,
)
from persona_core.verification import require_corpus
from persona_core.withdrawal import code_of


@dataclass(frozen=True, slots=True)
class Reread:
    """A run as a withdrawal finds it."""

    manifest: Manifest
    personas: PersonaSet
    """As the run holds them, but for sources of the one who withdraws that are gone."""
    corpus: Corpus | None
    """What they were made from; nothing where that is not known any more."""
    missing: str
    """Which sources are not what they were; empty where all are."""
    gone: frozenset[str]
    """Names of sources that are no more, and were the withdrawing participant's alone."""
    material: Material
    told: Told | None

    def read(self, recorded: Mapping[str, Any]) -> Corpus:
        """Read the sources as personas say that theirs are read."""
        return self._load(self.loading(recorded))

    def loading(self, recorded: Mapping[str, Any]) -> LoadingOptions:
        """How the run's sources are read, with what personas say of it."""
        return LoadingOptions.model_validate({**self.manifest.loading.model_dump(), **recorded})

    def names(self) -> Corpus | None:
        """Nothing but what is to be avoided: names in what is left of the sources, and words that may not be shown."""
        there = (Path(each.path) for each in self.manifest.inputs if each.path is not None)
        found: list[Given] = [(each.name, each.read_bytes()) for each in there if each.is_file()]
        options = self.manifest.loading.model_copy(update={"only": None, "skip_unreadable": True})
        register = self.material.participants
        try:
            corpus = load(found, options, participants=register if register and register.is_file() else None)
        except (LoadError, ConfigurationError):
            return None
        named = (word.casefold() for word in names_in(corpus))
        return Corpus((), (), Columns(), withheld=named, unsaid=frozenset(withheld(corpus).hashes))

    def _load(self, options: LoadingOptions) -> Corpus:
        given = self.material
        return load(given.sources, options, participants=given.participants, progress=self.told)


def reread(folder: Path, participant: str, told: Told | None) -> Reread:
    """Read a run's sources, as far as they are there and give what it was made from."""
    manifest, made = read_manifest(folder), read_personas(folder)
    material, problems = find_what_is_left(folder)
    found = Reread(manifest, made, None, "", frozenset(), material, told)
    if problems:
        found = replace(found, missing=say_what_is_missing(problems, folder))
        gone = {
            each.name for each in manifest.inputs if each.path is not None and not Path(each.path).exists()
        }
        sources = {each.name for each in made.corpus.sources}
        if gone == set(problems) and gone <= sources:
            return _of_the_rest(found, participant, frozenset(gone))
        return found
    try:
        corpus = found.read(made.corpus.loading)
        require_corpus(made.corpus, corpus)
    except (LoadError, CorpusMismatchError) as error:
        return replace(found, missing=str(error))
    return replace(found, corpus=corpus)


def _of_the_rest(found: Reread, participant: str, gone: frozenset[str]) -> Reread:
    """The sources that are left, where those that are gone were one participant's alone and everybody else is still there.

    A code that was theirs is given to nobody else; whether it was is told by whom the others turn out to be.
    """
    made, code = found.personas, code_of(found.personas, participant, None)
    if not _were_theirs(made, code, gone):
        return found
    sources = tuple(each for each in made.corpus.sources if each.name not in gone)
    for vacant in ([code], []):
        loading = {
            **made.corpus.loading,
            "only": [each.name for each in sources],
            "vacant": [*made.corpus.loading.get("vacant", ()), *vacant],
        }
        try:
            corpus = found.read(loading)
        except LoadError:
            continue
        if _are_the_same(made, code, corpus):
            digest = digest_of((each.name, each.sha256) for each in sources)
            told = {"sources": sources, "digest": digest, "loading": loading}
            left = made.model_copy(update={"corpus": made.corpus.model_copy(update=told)})
            return replace(found, personas=left, corpus=corpus, gone=gone)
    return found


def _were_theirs(made: PersonaSet, code: str, gone: frozenset[str]) -> bool:
    """Whether nobody else can have answered in sources that are gone."""
    several = [each for each in made.corpus.sources if each.name in gone and each.participants > 1]
    return not several and all(each.participant == code for each in made.cited() if each.source in gone)


def _are_the_same(made: PersonaSet, code: str, corpus: Corpus) -> bool:
    """Whether everybody but one is in a corpus, and said there what is quoted."""
    if made.codes() - {code} != {each.code for each in corpus.people} - {code}:
        return False
    placed = [(each, corpus.position(each.segment)) for each in made.cited() if each.segment]
    return all(at is None or corpus.participant(at) == each.participant for each, at in placed)
