"""What the sources and an embedder add, for what can hardly be seen in the persona alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import anyio

from persona_core.models import Corpus, Scorecard
from persona_core.models.persona import PersonaSet
from persona_core.pipeline import score, vectors_of
from persona_core.similarity import Embedder
from validity.cases import Case
from validity.corrupt_copies import RETOLD, RETOLD_BARE, TURNED, TURNED_BARE, copies
from validity.corrupt_facts import INDIRECT, contradictions
from validity.corrupt_swaps import DEMOGRAPHICS, MIXED, TEXTS, swaps
from validity.measuring import Power, Scored, power, scored_of

LOOKED_AT = (INDIRECT, DEMOGRAPHICS, MIXED, TEXTS, RETOLD, RETOLD_BARE, TURNED, TURNED_BARE)
ALONE, SOURCES, MEANING = "persona alone", "with the sources", "with the sources and an embedder"


class Remembering:
    """An embedder that is asked for each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = getattr(embedder, "name", "")
        self._known: dict[str, Sequence[float]] = {}

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """The vectors of texts, in their order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, await self._embedder.embed(new), strict=True))
        return [self._known[text] for text in texts]


def help_table(cases: Iterable[Case], embedder: Embedder | None) -> dict[str, dict[str, Power | None]]:
    """For each kind that is hard to see, how well its dimension tells it under each help."""
    helps = (ALONE, SOURCES) if embedder is None else (ALONE, SOURCES, MEANING)
    remembering = None if embedder is None else Remembering(embedder)
    rows: dict[str, dict[str, list[Scored]]] = {}
    clean: dict[str, list[Scored]] = {help: [] for help in helps}
    for case in cases:
        for help in helps:
            card = _scored(case.personas, case.corpus, help, remembering)
            clean[help] += [scored_of(case, each, case.key(at)) for at, each in enumerate(card.personas)]
            for scored in _variants(case, help, remembering):
                rows.setdefault(scored.kind, {}).setdefault(help, []).append(scored)
    return {kind: _powers(clean, rows[kind]) for kind in LOOKED_AT if kind in rows}


def _powers(
    clean: Mapping[str, Sequence[Scored]], row: Mapping[str, Sequence[Scored]]
) -> dict[str, Power | None]:
    return {help: power(clean[help], found, found[0].dimension) for help, found in row.items()}


def _variants(case: Case, help: str, embedder: Remembering | None) -> Iterator[Scored]:
    for at in range(len(case.personas.personas)):
        for make in (contradictions, swaps, copies):
            for variant in make(case, at):
                if variant.kind in LOOKED_AT:
                    card = _scored(variant.personas, case.corpus, help, embedder)
                    yield scored_of(case, card.personas[variant.at], case.key(at), variant)


def _scored(personas: PersonaSet, corpus: Corpus, help: str, embedder: Remembering | None) -> Scorecard:
    if help == ALONE:
        return score(personas)
    if help == SOURCES or embedder is None:
        return score(personas, corpus)
    return score(personas, corpus, vectors=anyio.run(vectors_of, personas, embedder, corpus))
