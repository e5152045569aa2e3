"""Whether a quote bears on the claim it is cited for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from persona_core.models.corpus import ROLES, Corpus, Role
from persona_core.models.persona import Tier
from persona_core.quality.dimension import Given
from persona_core.quality.evidence.chance import Chance, Passage
from persona_core.quality.evidence.citations import Citation, Cited
from persona_core.text import content_stems, locate

_AROUND = 400
"""Characters of a passage: a quote and what was said around it. Longer ones tell less (AUROC .90 against .94)."""
_SAMPLE = 500
"""Passages that chance is told from."""
_DRAWS = 4
"""How many segments are looked at for each of the sample, at most, before short ones are taken, too."""
_TELLING = 3
"""Stems of content from which on a segment says something."""
_VERBATIM = 0.8
"""Share of a claim's stems in a quote from which on the claim says what the quote says."""
_CHANCE, _SURE = 0.5, 0.9
"""Percentiles below which a quote bears on a claim no more than any other, and above which it surely does."""


def chance(given: Given) -> Chance:
    """What likeness there is by chance: in the sources, or with a report alone among the quotes that were found."""
    passages = _of_corpus(given.corpus) if given.corpus is not None else _of_quotes(given)
    return Chance(list(passages), given.vectors)


def _of_corpus(corpus: Corpus) -> Iterator[Passage]:
    import numpy as np

    roles = np.frombuffer(corpus.columns.role, dtype=np.int8)
    said: list[int] = np.flatnonzero(roles == ROLES.index(Role.participant)).tolist()
    drawn = random.Random(0).sample(said, min(len(said), _SAMPLE * _DRAWS))  # noqa: S311
    telling = [i for i in drawn if len(content_stems(corpus.columns.texts[i][:_AROUND])) >= _TELLING]
    short = sorted(set(drawn) - set(telling)) if len(telling) < _SAMPLE // 10 else []
    return (Passage(corpus.columns.texts[i][:_AROUND], i) for i in (*telling, *short)[:_SAMPLE])


def _of_quotes(given: Given) -> Iterable[Passage]:
    """Every quote that was found, once, in an order that is not that of the personas."""
    checked = given.report.personas if given.report else ()
    quotes: set[str] = set()
    for persona, told in zip(given.personas, checked, strict=True):
        found = told.by_path()
        for path, claim in persona.claims():
            pairs = zip(claim.evidence, found.get(path, ()), strict=False)
            quotes |= {one.quote for one, each in pairs if each.tier is not Tier.missing}
    drawn = random.Random(0).sample(sorted(quotes), min(len(quotes), _SAMPLE))  # noqa: S311
    return (Passage(quote, quote) for quote in drawn)


def passage(citation: Citation, corpus: Corpus | None) -> Passage:
    """The words a citation points at, with what was said around them where the sources are at hand."""
    quote, segment = citation.evidence.quote, citation.checked.segment
    position = corpus.position(segment) if corpus is not None and segment else None
    if corpus is None or position is None:
        return Passage(quote, quote)
    text = corpus.columns.texts[position]
    if len(text) <= _AROUND:
        return Passage(text, position)
    start, end = _stands(quote, text)
    spare = max(0, _AROUND - (end - start)) // 2
    return Passage(text[max(0, start - spare) : end + spare], position)


def _stands(quote: str, text: str) -> tuple[int, int]:
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    match = locate(quote, text)
    return (match.spans[0][0], match.spans[-1][1]) if match else (0, 0)


def support(claim: Cited, by_chance: Chance, corpus: Corpus | None) -> list[float]:
    """For each citation how far it bears on the claim, 0–1, against chance; 1 where chance cannot be told."""
    if not by_chance.tells:
        return [1.0 for _ in claim.citations]
    wanted = [i for i, each in enumerate(claim.citations) if _has_to_be_measured(claim, each)]
    passages = [passage(claim.citations[i], corpus) for i in wanted]
    found = (
        dict(zip(wanted, by_chance.percentiles(claim.claim.text, passages), strict=True)) if wanted else {}
    )
    return [_sureness(found[i]) if i in found else 1.0 for i in range(len(claim.citations))]


def _has_to_be_measured(claim: Cited, citation: Citation) -> bool:
    return citation.worth > 0 and not _says_the_same(claim.claim.text, citation.evidence.quote)


def _sureness(percentile: float) -> float:
    return min(1.0, max(0.0, (percentile - _CHANCE) / (_SURE - _CHANCE)))


def _says_the_same(claim: str, quote: str) -> bool:
    """Whether a claim is its own quote, whole or restated in the third person."""
    ours, theirs = set(content_stems(claim)), set(content_stems(quote))
    if len(ours) >= _TELLING and len(ours & theirs) >= _VERBATIM * len(ours):
        return True
    return locate(claim, quote, near=False) is not None


def wanted_texts(claims: Iterable[Cited], by_chance: Chance, corpus: Corpus | None) -> Iterator[str]:
    """What wants vectors: the sample, then claims that are not their own quotes, each with its passages.

    The order is not that of the personas.
    """
    yield from (each.text for each in by_chance.sample)
    wanted = []
    for claim in claims:
        measured = (each for each in claim.citations if _has_to_be_measured(claim, each))
        if passages := sorted(passage(each, corpus).text for each in measured):
            wanted.append((claim.claim.text, *passages))
    for texts in sorted(wanted):
        yield from texts
