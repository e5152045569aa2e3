"""What every generator of corrupted personas gives, and the small changes they share."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from persona_core.models.persona import FACETS, Claim, Evidence, Persona, PersonaSet
from validity.cases import Case

AGES = ("age", "age_range", "age_group", "ages")


@dataclass(frozen=True)
class Variant:
    """A set with one corrupted persona."""

    kind: str
    dimension: str
    """The dimension that ought to notice."""
    personas: PersonaSet
    at: int
    """Where the corrupted persona stands."""
    label: str = ""
    """Which wording, to say what was not found."""


Make = Callable[[Case, int], Iterator[Variant]]
"""Corrupted variants of the persona at a place of a case."""


def chance(case: Case, at: int, kind: str) -> random.Random:
    """The same chance for the same persona and kind, whatever else is made."""
    return random.Random("/".join((*case.key(at), kind)))


def with_claims(persona: Persona, change: Callable[[str, Claim], Claim | None]) -> Persona:
    """A persona with each claim changed by path, or left out where the change gives nothing."""
    update: dict[str, Any] = {}
    for facet in (*FACETS, "quotes"):
        changed = (change(f"{facet}[{i}]", claim) for i, claim in enumerate(getattr(persona, facet)))
        update[facet] = tuple(claim for claim in changed if claim is not None)
    if persona.headline is not None:
        update["headline"] = change("headline", persona.headline)
    return persona.model_copy(update=update)


def with_evidence(persona: Persona, change: Callable[[Claim], Iterable[Evidence]]) -> Persona:
    """A persona whose claims have other evidence."""
    return with_claims(persona, lambda _, claim: claim.model_copy(update={"evidence": tuple(change(claim))}))


def is_quote(path: str, claim: Claim) -> bool:
    """Whether a claim is nothing but its quote."""
    return path.startswith(("quotes", "headline")) or any(
        each.quote.strip() == claim.text.strip() for each in claim.evidence
    )


def requoted(persona: Persona, change: Callable[[Evidence], Evidence]) -> Persona:
    """A persona with each quote changed, and with it the text of a claim that is nothing but its quote."""

    def claim_of(path: str, claim: Claim) -> Claim:
        evidence = tuple(change(each) for each in claim.evidence)
        text = evidence[0].quote if evidence and is_quote(path, claim) else claim.text
        return claim.model_copy(update={"evidence": evidence, "text": text})

    return with_claims(persona, claim_of)


def plainly(quote: str, segment: str | None = None, participant: str | None = None) -> Evidence:
    """Evidence as somebody writes it who did not look it up."""
    return Evidence(quote=quote, segment=segment, participant=participant)


def with_wording(persona: Persona, wording: Mapping[str, Any]) -> Persona:
    """A persona with the demographics and claims of a wording added; a new age takes the place of the old."""
    update: dict[str, Any] = {}
    for facet, added in wording.items():
        if facet == "name":
            update["name"] = added
        elif facet == "demographics":
            kept = dict(persona.demographics)
            if "age" in added:
                kept = {key: value for key, value in kept.items() if key not in AGES}
            update["demographics"] = {**kept, **added}
        else:
            claims = tuple(Claim(text=text, origin="model") for text in added)
            update[facet] = (*getattr(persona, facet), *claims)
    return persona.model_copy(update=update)
