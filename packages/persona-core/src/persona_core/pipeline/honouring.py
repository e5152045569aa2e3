"""Who withdrew from a run stays out of the one that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from persona_core.errors import ConfigurationError
from persona_core.models import Corpus, PersonaSet

_POINTING = ("vacant", "unasked", "unnamed", "answering")


def honouring(
    before: PersonaSet, read: Callable[[Mapping[str, Any]], Corpus]
) -> tuple[Corpus, Mapping[str, Any]] | None:
    """Read sources without those who withdrew from earlier personas of them, and say how; nothing where these are other sources.

    `read` reads them with what personas say of how sources are read. Only codes are known of those who withdrew, so that
    the others must still go by theirs. Raises ConfigurationError where they do not, or a source has changed.
    """
    loading = {"withdrawn": [each.participant for each in before.withdrawn]}
    known = {name: before.corpus.loading[name] for name in _POINTING if name in before.corpus.loading}
    made_of = {source.name: source.sha256 for source in before.corpus.sources}
    for more in ({}, known) if known else ({},):
        corpus = read({**loading, **more})
        now = {source.name: source.sha256 for source in corpus.sources}
        if any(made_of.get(name, sha256) != sha256 for name, sha256 in now.items()):
            break
        if set(made_of.values()).isdisjoint(now.values()):
            return None
        if _go_by_the_same_codes(before, corpus):
            return corpus, {**loading, **more}
    raise ConfigurationError(
        f"{', '.join(loading['withdrawn'])} withdrew from the run that would be replaced, and these sources are no more what "
        "they were, so that nobody can tell who that is: mark them as withdrawn in the participants file, and give another folder"
    )


def _go_by_the_same_codes(before: PersonaSet, corpus: Corpus) -> bool:
    same = {source.name for source in corpus.sources} & {
        source.name
        for source in before.corpus.sources
        if source.sha256 in {each.sha256 for each in corpus.sources}
    }
    said = [each for each in before.cited() if each.source in same]
    places = [(each.participant, corpus.position(each.segment or "")) for each in said]
    return all(at is None or corpus.participant(at) == code for code, at in places)
