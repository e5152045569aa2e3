"""What belongs to one persona given to another."""

from __future__ import annotations

from collections.abc import Iterator

from persona_core.models.persona import Persona
from validity.cases import FACETS, Case
from validity.variants import Variant, chance

MOVED = ("goals", "pain_points")
CLAIMS, TEXTS = "goals and pain points of another persona", "claims shuffled through the set, quotes kept"
DEMOGRAPHICS, MIXED = "demographics of another persona", "demographics shuffled through the set"


def swaps(case: Case, at: int) -> Iterator[Variant]:
    """The ways in which personas of one set can be mixed up."""
    others = [i for i in range(len(case.personas.personas)) if i != at]
    if not others:
        return
    rng = chance(case, at, "swaps")
    mine, other = case.personas.personas[at], case.personas.personas[rng.choice(others)]
    changed = {CLAIMS: with_claims_of(mine, other)}
    texts = [
        claim.text
        for i in others
        for path, claim in case.personas.personas[i].claims()
        if not path.startswith(("quotes", "headline"))
    ]
    rng.shuffle(texts)
    changed[TEXTS] = with_texts(mine, texts)
    if other.demographics and other.demographics != mine.demographics:
        changed[DEMOGRAPHICS] = mine.model_copy(update={"demographics": other.demographics})
    pools = {
        key: [p.demographics[key] for i in others if key in (p := case.personas.personas[i]).demographics]
        for key in mine.demographics
    }
    mixed = {
        key: rng.choice(pool) if (pool := pools[key]) else value for key, value in mine.demographics.items()
    }
    if mixed != mine.demographics:
        changed[MIXED] = mine.model_copy(update={"demographics": mixed})
    for kind, persona in changed.items():
        dimension = "evidence" if kind in (CLAIMS, TEXTS) else "consistency"
        yield Variant(kind, dimension, case.with_persona(at, persona), at)


def with_claims_of(mine: Persona, other: Persona) -> Persona:
    """Some claims of another persona, with the quotes they came with."""
    return mine.model_copy(update={facet: getattr(other, facet) for facet in MOVED if getattr(other, facet)})


def with_texts(mine: Persona, texts: list[str]) -> Persona:
    """Other statements over the same quotes."""
    given = iter([*texts, *texts, *texts])
    return mine.model_copy(
        update={
            facet: tuple(
                claim.model_copy(update={"text": next(given, claim.text), "origin": "model"})
                for claim in getattr(mine, facet)
            )
            for facet in FACETS
        }
    )
