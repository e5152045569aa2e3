"""Which claims are in participants' own words: those are not judged for how they are worded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from persona_core.models.persona import Claim, Evidence, Persona, Tier
from persona_core.quality.dimension import Given
from persona_core.quality.substance import telling_stems
from persona_core.text import words

_SHARE = 0.75
"""Of a claim's content words, how many stand in its quotes."""
_SHARE_OF_ALL = 0.6
"""The same of all its words, where none carries content: “Doesn't know what that is” of “I don't know what that is”."""

Quotes = Mapping[str, Sequence[str]]
"""By path the quotes that were found, where somebody looked."""


def found_quotes(given: Given) -> Iterator[Quotes | None]:
    """For each persona its quotes that stand in the sources; None where nobody looked."""
    if given.report is None:
        yield from (None for _ in given.personas)
        return
    for checked in given.report.personas:
        yield {
            claim.path: [each.quote for each in claim.evidence if each.tier is not Tier.missing]
            for claim in checked.claims
        }


def said_paths(persona: Persona, quotes: Quotes | None) -> frozenset[str]:
    """The paths of claims whose words are nearly all in their quotes, a label as `Difficulty:` left out."""
    return frozenset(
        path
        for path, claim in persona.claims()
        if _is_said(claim.text, _quotes(claim) if quotes is None else quotes.get(path, ()))
    )


def _quotes(claim: Claim) -> Sequence[str]:
    """Where nobody looked: quotes that at least say where they come from; a bare quote is only its own word for it."""
    return [each.quote for each in claim.evidence if each.tier is not Tier.missing and _has_place(each)]


def _has_place(evidence: Evidence) -> bool:
    return bool(evidence.segment or evidence.participant or evidence.locator or evidence.extra)


def _is_said(text: str, quotes: Sequence[str]) -> bool:
    return bool(quotes) and any(_stands(each, quotes) for each in (text, text.partition(":")[2]))


def _stands(text: str, quotes: Sequence[str]) -> bool:
    """Whether nearly all of its content words stand in the quotes; where it has none, of all its words most."""
    if wanted := telling_stems(text):
        there = {stem for quote in quotes for stem in telling_stems(quote)}
        return len(wanted & there) >= _SHARE * len(wanted)
    spoken = {word.lower() for quote in quotes for word in words(quote)}
    every = {word.lower() for word in words(text)}
    return bool(every) and len(every & spoken) >= _SHARE_OF_ALL * len(every)
