"""Names that stand for no name."""

from collections.abc import Iterator

from validity.cases import Case, wordings
from validity.variants import Variant, chance


def placeholder_names(case: Case, at: int) -> Iterator[Variant]:
    """One placeholder in place of the name."""
    name = chance(case, at, "names").choice(wordings("names"))
    persona = case.personas.personas[at].model_copy(update={"name": name})
    yield Variant("placeholder name", "realism", case.with_persona(at, persona), at, name)
