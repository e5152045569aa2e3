"""How personas name their corpus once somebody's words are out of it, so that the sources can be read again without them.

Nothing that names or quotes them is written: what must be avoided in other people's files is pointed at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from persona_core.models.corpus import NONE, Corpus, Role, digest_of
from persona_core.models.persona import CorpusRef, SourceRef
from persona_core.naming import names_of
from persona_core.withdrawal.theirs import Theirs


def reference(made: CorpusRef, theirs: Theirs, *, drop_files: bool = True) -> CorpusRef:
    """The corpus without them; with the corpus itself at hand also without the files in which nobody else answers.

    `drop_files=False` keeps those files in the list: then they must still be there to be read.
    """
    loading = {**made.loading, "withdrawn": [*made.loading.get("withdrawn", ()), theirs.code]}
    said = _said_in(theirs)
    own = _own_files(theirs) if drop_files and theirs.corpus is not None else frozenset()
    if loading.get("participants"):
        loading.update(_unlabelled(loading, theirs, own))
    kept = tuple(_less(source, said) for source in made.sources if source.name not in own)
    if (own or "only" in loading) and theirs.corpus is not None:
        left = [i for i in range(len(theirs.corpus)) if _name(theirs.corpus, i) not in own]
        repeated = _unasked(theirs, theirs.corpus, left)
        named = _unnamed(theirs, theirs.corpus, own, left)
        for name, found in (("unasked", repeated), ("unnamed", named)):
            if found:
                loading[name] = [*loading.get(name, ()), *found]
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


def _name(corpus: Corpus, i: int) -> str:
    return corpus.sources[corpus.columns.source[i]].name


def _unlabelled(loading: Mapping[str, Any], theirs: Theirs, own: Set[str]) -> dict[str, Any]:
    """The labels of those who answer without theirs; where others' files need it, a segment in which they speak."""
    labels = [each for each in loading["participants"] if each.casefold() not in theirs.labels]
    if len(labels) == len(loading["participants"]) or theirs.corpus is None:
        return {}
    corpus, columns = theirs.corpus, theirs.corpus.columns
    spoken: dict[tuple[int, int], str] = {}
    for i in sorted(theirs.segments):
        if columns.speaker[i] != NONE and _name(corpus, i) not in own:
            spoken.setdefault((columns.source[i], columns.speaker[i]), corpus.segment_id(i))
    found: dict[str, Any] = {"participants": labels}
    return found | {"answering": [*loading.get("answering", ()), *spoken.values()]} if spoken else found


def _unasked(theirs: Theirs, corpus: Corpus, left: Sequence[int]) -> list[str]:
    """Segments in which who asks, or a question, repeats what they alone said; of a question the first in each source."""
    columns = corpus.columns
    asked = {code for code, text in enumerate(columns.questions) if theirs.repeated_in(text)}
    first: dict[tuple[int, int], int] = {}
    for i in left:
        if columns.question[i] in asked:
            first.setdefault((columns.source[i], columns.question[i]), i)
    turns = (i for i in left if not _answers(corpus, i) and theirs.repeated_in(columns.texts[i]))
    return [corpus.segment_id(i) for i in sorted({*first.values(), *turns})]


def _unnamed(
    theirs: Theirs, corpus: Corpus, own: Set[str], left: Sequence[int]
) -> list[tuple[str, int, int]]:
    """Where others say their names: each once in a source, for any source may go later."""
    texts = corpus.columns.texts
    said = (texts[i] for i in range(len(corpus)) if i in theirs.segments or _name(corpus, i) in own)
    names = {name.casefold() for name in names_of(theirs.labels, said)}
    names = {name for name in names if len(name) > 1}
    if not names:
        return []
    found: dict[tuple[str, str], tuple[str, int, int]] = {}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)", re.IGNORECASE)
    for i in left:
        if i not in theirs.segments:
            hits = pattern.finditer(texts[i])
            # In small letters two are a word sooner than a name.
            for hit in (each for each in hits if len(each[0]) > 2 or each[0][0].isupper()):
                found.setdefault(
                    (_name(corpus, i), hit.group().casefold()), (corpus.segment_id(i), *hit.span())
                )
    return list(found.values())
