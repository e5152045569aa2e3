"""How personas name their corpus once somebody's words are out of it, so that the sources can be read again without them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from persona_core.models.corpus import NONE, Corpus, Role, digest_of
from persona_core.models.persona import CorpusRef, SourceRef
from persona_core.withdrawal.theirs import Theirs


def reference(made: CorpusRef, theirs: Theirs, *, drop_files: bool = True) -> CorpusRef:
    """The corpus without them; with the corpus itself at hand also without the files in which nobody else answers.

    `drop_files=False` keeps those files in the list: then they must still be there to be read.
    """
    loading = {**made.loading, "withdrawn": [*made.loading.get("withdrawn", ()), theirs.code]}
    said = _said_in(theirs)
    own = _own_files(theirs) if drop_files and theirs.corpus is not None else frozenset()
    kept = tuple(_less(source, said) for source in made.sources if source.name not in own)
    if own:
        loading["only"] = [source.name for source in kept]
        if set(said) <= own:
            loading["vacant"] = [*made.loading.get("vacant", ()), theirs.code]
    return made.model_copy(
        update={
            "sources": kept,
            "digest": digest_of((each.name, each.sha256) for each in kept) if own else made.digest,
            "participants": max(0, made.participants - 1),
            "loading": loading,
        }
    )


def _less(source: SourceRef, said: Counter[str]) -> SourceRef:
    if source.name not in said:
        return source
    fewer: dict[str, Any] = {
        "segments": max(0, source.segments - said[source.name]),
        "participants": max(0, source.participants - 1),
    }
    return source.model_copy(update=fewer)


def _said_in(theirs: Theirs) -> Counter[str]:
    """How many segments are theirs, by the name of the source."""
    corpus = theirs.corpus
    if corpus is None:
        return Counter()
    return Counter(corpus.sources[corpus.columns.source[i]].name for i in theirs.segments)


def _own_files(theirs: Theirs) -> frozenset[str]:
    """Names of the sources in which nobody else answers."""
    corpus = theirs.corpus
    if corpus is None:
        return frozenset()
    columns = corpus.columns
    shared = {
        columns.source[i] for i in range(len(corpus)) if i not in theirs.segments and _answers(corpus, i)
    }
    own = {columns.source[i] for i in theirs.segments} - shared
    return frozenset(corpus.sources[i].name for i in own)


def _answers(corpus: Corpus, i: int) -> bool:
    return corpus.columns.who[i] != NONE and corpus.role(i) is Role.participant
