"""Goals that fit anybody."""

from collections.abc import Iterator

from validity.cases import Case, wordings
from validity.variants import Variant, chance


def generic_goals(case: Case, at: int) -> Iterator[Variant]:
    """Every goal replaced by a generic one, its quotes kept; at least two."""
    persona = case.personas.personas[at]
    if not persona.goals:
        return
    said = chance(case, at, "goals").sample(wordings("generic"), max(2, len(persona.goals)))
    quoted = [*persona.goals, *persona.goals][: len(said)]
    goals = tuple(
        goal.model_copy(update={"text": text, "origin": "model"})
        for goal, text in zip(quoted, said, strict=False)
    )
    changed = persona.model_copy(update={"goals": goals})
    yield Variant(
        "generic goals", "realism", case.with_persona(at, changed), at, "; ".join(said[: len(goals)])
    )
