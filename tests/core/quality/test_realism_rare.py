"""Rare is not unreal: personas of minorities and of people with another grammar keep their points in all dimensions."""

from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from core.quality.spoiling import EXTRACTED, GOOD, changed, claims

from persona_core.models import Persona
from persona_core.quality import Configuration, Given, score_given
from persona_core.quality.realism import DIMENSION

RARE = yaml.safe_load((Path(__file__).parent / "rare.yaml").read_text(encoding="utf-8"))
BASES = (GOOD[2], EXTRACTED[0], GOOD[0])
WITHIN = 2.0
"""Points, in every dimension and over all."""


def with_trait(persona: Persona, field: str, trait) -> Persona:
    """The persona with the trait in place of the first thing of its kind."""
    if field == "names":
        return changed(persona, name=trait)
    if field == "demographics":
        kept = {
            key: value
            for key, value in persona.demographics.items()
            if "age" not in trait or "age" not in key
        }
        return changed(persona, demographics={**kept, **trait})
    return changed(persona, **{field: (*claims(trait), *getattr(persona, field)[1:])})


@lru_cache
def without(base: int, field: str) -> dict[str, float | None]:
    """What the persona has that it is compared with: as it was, its first quote or claim a model's too."""
    persona = BASES[base]
    if field in {"names", "demographics"}:
        return figures(persona)
    there = getattr(persona, field) or claims("I cannot see my nights on this phone.")
    return figures(changed(persona, **{field: (*claims(there[0].text), *there[1:])}))


def figures(persona: Persona) -> dict[str, float | None]:
    """Its value in each dimension, beside two others, and over all."""
    others = (changed(GOOD[5], id="other-1"), changed(GOOD[7], id="other-2"))
    card = score_given(Given(personas=(changed(persona, id="p"), *others), config=Configuration()))
    scored = card.personas[0]
    return {"overall": scored.overall, **{name: each.value for name, each in scored.dimensions.items()}}


@pytest.mark.parametrize(
    ("field", "trait"),
    [(field, trait) for field, traits in RARE.items() for trait in traits],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_rare_is_real(field, trait):
    """The trait changes no score by more than two points."""
    for base in (0, 1) if field == "names" else (0,):
        rare, plain = figures(with_trait(BASES[base], field, trait)), without(base, field)
        assert not {
            name: (plain[name], value)
            for name, value in rare.items()
            if value is not None and plain[name] is not None and abs(plain[name] - value) > WITHIN
        }


def test_there_are_enough():
    """At least thirty traits are looked at, of every kind."""
    assert sum(map(len, RARE.values())) >= 120
    assert min(map(len, RARE.values())) >= 5


@pytest.mark.parametrize("base", BASES, ids=lambda each: each.name)
def test_all_at_once(base):
    """A persona that is rare in every way loses nothing in realism either."""
    for i in range(12):
        persona = base
        for field, traits in RARE.items():
            persona = with_trait(persona, field, traits[i % len(traits)])
        (measure,) = DIMENSION.measure(Given(personas=(persona,), config=Configuration()))
        assert not measure.deductions
