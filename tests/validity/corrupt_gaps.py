"""Fields that are missing, thin or padded."""

from __future__ import annotations

from collections.abc import Iterator

from persona_core.models.persona import FACETS, Claim
from validity.cases import Case
from validity.variants import Variant, chance, with_claims

WANTED = ("goals", "pain_points", "behaviours", "demographics", "quotes")
PADDING = (
    "is very important in everyday life",
    "matters a lot in many ways",
    "is a key thing to think about",
)


def missing(case: Case, at: int) -> Iterator[Variant]:
    """Two of the fields that a persona should have are empty."""
    persona = case.personas.personas[at]
    there = [field for field in WANTED if getattr(persona, field)]
    if len(there) < 3:
        return
    gone = chance(case, at, "missing").sample(there, 2)
    empty = {field: {} if field == "demographics" else () for field in gone}
    changed = persona.model_copy(update=empty)
    yield Variant("missing fields", "completeness", case.with_persona(at, changed), at, ", ".join(gone))


def thin(case: Case, at: int) -> Iterator[Variant]:
    """One claim in each field, cut to three words; its quotes kept."""
    persona = case.personas.personas[at]

    def cut(path: str, claim: Claim) -> Claim | None:
        if path.startswith("quotes"):
            return None
        return claim.model_copy(update={"text": " ".join(claim.text.split()[:3])}) if "[0]" in path else None

    changed = with_claims(persona, cut).model_copy(update={"headline": None, "summary": ""})
    yield Variant("thin fields", "completeness", case.with_persona(at, changed), at)


def padded(case: Case, at: int) -> Iterator[Variant]:
    """As many claims as before and longer, that say the first one over and over, or nothing."""
    persona = case.personas.personas[at]
    changed = persona.model_copy(
        update={facet: tuple(_pad(getattr(persona, facet))) for facet in FACETS if getattr(persona, facet)}
    )
    yield Variant("padded fields", "completeness", case.with_persona(at, changed), at)


def _pad(claims: tuple[Claim, ...]) -> Iterator[Claim]:
    said = " ".join(claims[0].text.split()[:3])
    for i, claim in enumerate(claims):
        yield claim.model_copy(update={"text": f"{said} {PADDING[i % len(PADDING)]}"})
