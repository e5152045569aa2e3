"""From personas to their scores."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from persona_core.consent import NOT_SHOWN, withheld
from persona_core.limits import limits
from persona_core.models import Corpus, EvidenceReport, PersonaSet, Scorecard
from persona_core.models.scorecard import Issue
from persona_core.quality import Configuration, Dimension, Given, score_given, texts
from persona_core.similarity import Embedder
from persona_core.verification import matching, verify

_QUOTED = re.compile(r"“[^“”]*”")


def score(
    personas: PersonaSet,
    corpus: Corpus | None = None,
    *,
    report: EvidenceReport | None = None,
    config: Configuration | None = None,
    min_score: float | None = None,
    allow_unscored: Iterable[str] = (),
    vectors: Mapping[str, Sequence[float]] | None = None,
    beside: Iterable[Dimension] = (),
) -> Scorecard:
    """Measure personas in the five dimensions; evidence is unscored without `corpus` and `report`.

    `report` is what `verify` said, for where the sources themselves may not go; with a corpus it is not needed.
    `vectors` are `await vectors_of(…)`. `min_score` (0–100) is asked of every persona; the answer is in `set.gate`.
    `beside` are dimensions of your own: measured and shown with the five, and counted in no overall score.
    Raises CorpusMismatchError where the corpus or the report is not of these personas.
    """
    given = given_to_quality(personas, corpus, report, config)
    if vectors is not None:
        given = replace(given, vectors=vectors)
    card = score_given(given, min_score=min_score, allow_unscored=allow_unscored, beside=beside)
    card = card.model_copy(update={"warnings": limits(personas)})
    return card if corpus is None else _kept_back(card, corpus)


def _kept_back(card: Scorecard, corpus: Corpus) -> Scorecard:
    """A scorecard whose issues repeat no words that may be shown to nobody."""
    secret = withheld(corpus)
    if not secret:
        return card

    def plain(found: re.Match[str]) -> str:
        return f"({NOT_SHOWN})" if secret.repeated_in(found.group()) else found.group()

    def told(issue: Issue) -> Issue:
        return issue.model_copy(update={"message": _QUOTED.sub(plain, issue.message)})

    personas = tuple(
        each.model_copy(update={"issues": tuple(map(told, each.issues))}) for each in card.personas
    )
    return card.model_copy(update={"personas": personas})


async def vectors_of(
    personas: PersonaSet,
    embedder: Embedder,
    corpus: Corpus | None = None,
    *,
    report: EvidenceReport | None = None,
    config: Configuration | None = None,
) -> Mapping[str, Sequence[float]]:
    """Embed what measuring compares, so that `score` sees the same thing said in other words."""
    wanted = texts(given_to_quality(personas, corpus, report, config))
    given = await embedder.embed(wanted) if wanted else []
    return {text: _unit(vector) for text, vector in zip(wanted, given, strict=True)}


def _unit(vector: Sequence[float]) -> Sequence[float]:
    length = math.sqrt(math.fsum(each * each for each in vector))
    return [each / length for each in vector] if length else vector


def given_to_quality(
    personas: PersonaSet,
    corpus: Corpus | None = None,
    report: EvidenceReport | None = None,
    config: Configuration | None = None,
) -> Given:
    """What the dimensions may look at; every quote is looked up where there is a corpus and no report yet."""
    if report is not None:
        report = matching(report, personas)
    elif corpus is not None:
        report = verify(personas, corpus)
    return Given(personas.personas, config or Configuration(), corpus=corpus, report=report)
