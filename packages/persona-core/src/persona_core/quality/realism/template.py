"""Claims of one shape: “Wants to … so that …” over and over, with other words in the gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from persona_core.models.persona import FACETS, Persona
from persona_core.quality.dimension import Deduction
from persona_core.text import words

WHOLE, FACET, QUOTES = 40.0, 15.0, 15.0
"""Points where all claims have one shape, all of one facet, and all quotes; in proportion where it is not all."""
_LEAST, _LEAST_FACET = 5, 3
"""Claims from which a shape shows."""
_SHARE = 0.6
_LABEL = 3
"""Words of a label at most."""
_CALLED = {"pain_points": "pain points"}
_OPENING = frozenset(
    """
    i he she they it we to a an the her his their my our want wants need needs would like likes love loves has have is are am was
    does do not don't doesn't wish wishes hope hopes be being of in on for with that really also often usually sometimes always when
    """.split()
)
"""Words with which many a sentence begins: alone they make no template of a facet."""


def deductions(persona: Persona, said: frozenset[str]) -> Iterator[Deduction]:
    """What claims of one shape lose; those in participants' words are spared."""
    texts = {path: _words(claim.text) for path, claim in persona.claims() if path not in said}
    claims = [text for path, text in texts.items() if path.split("[")[0] in FACETS]
    whole = _shaped(claims, opening=frozenset()) if len(claims) >= _LEAST else 0.0
    if whole:
        message = f"{whole:.0%} of its claims have one shape, as if a form had been filled in: say each as it was said"
        yield Deduction("", message, WHOLE * whole)
        return
    for facet in (*FACETS, "quotes"):
        of_facet = [text for path, text in texts.items() if path.startswith(f"{facet}[")]
        share = _shaped(of_facet, opening=_OPENING) if len(of_facet) >= _LEAST_FACET else 0.0
        if share == 1:
            message = f"all {_CALLED.get(facet, facet)} have one shape: say each as it was said"
            yield Deduction(facet, message, QUOTES if facet == "quotes" else FACET)


def _words(text: str) -> tuple[str, ...]:
    """Its words without a label before them, as `Need it meets:`."""
    label, _, rest = text.partition(":")
    shown = rest if rest and len(label.split()) <= _LABEL else text
    return tuple(word.lower().replace("’", "'") for word in words(shown))


def _shaped(texts: Sequence[tuple[str, ...]], opening: frozenset[str]) -> float:
    """The share of texts of one shape, if it is most of them: the same first three words, or two pairs of words in common."""
    begun = Counter(text[:3] for text in texts if len(text) > 3 and not set(text[:3]) <= opening)
    first = max(begun.values(), default=0) / len(texts)
    share = max(first, _framed(texts))
    return share if share >= _SHARE else 0.0


def _framed(texts: Sequence[tuple[str, ...]]) -> float:
    """The share of texts that have the two commonest pairs of neighbours which do not overlap."""
    having = Counter(pair for text in texts for pair in set(_pairs(text)))
    often = sorted((pair for pair, times in having.items() if times >= _SHARE * len(texts)))
    best = 0
    for i, one in enumerate(often):
        for other in often[i + 1 :]:
            if not set(one) & set(other):
                best = max(best, sum({one, other} <= set(_pairs(text)) for text in texts))
    return best / len(texts)


def _pairs(text: Sequence[str]) -> Iterable[tuple[str, str]]:
    return pairwise(text)
