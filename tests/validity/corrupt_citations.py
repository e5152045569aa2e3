"""Citations of segments that are not there."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from persona_core.models.persona import Claim, Evidence, Persona
from validity.cases import Case
from validity.corrupt_quotes import on_topic
from validity.variants import Variant, chance, plainly, with_claims, with_evidence

ADDED = {"one absent citation added per claim": 1, "three absent citations added per claim": 3}


def absent(case: Case, rng: random.Random, of: int) -> list[Evidence]:
    """Invented quotes in segments that no source has."""
    source = case.corpus.sources[0].name
    bank = on_topic(case, rng)
    return [plainly(rng.choice(bank), f"{source}#{rng.randrange(100_000, 999_999)}") for _ in range(of)]


def added(case: Case, at: int) -> Iterator[Variant]:
    """Absent citations beside the true ones, one or three to each claim."""
    for kind, many in ADDED.items():
        rng = chance(case, at, kind)

        def more(claim: Claim, rng: random.Random = rng, many: int = many) -> Iterable[Evidence]:
            return (*claim.evidence, *absent(case, rng, many))

        changed = with_evidence(case.personas.personas[at], more)
        yield Variant(kind, "evidence", case.with_persona(at, changed), at)


def instead(case: Case, at: int) -> Iterator[Variant]:
    """Absent citations in place of the true ones; and none at all."""
    persona = case.personas.personas[at]
    rng = chance(case, at, "instead")
    changed = with_evidence(persona, lambda claim: absent(case, rng, max(1, len(claim.evidence))))
    yield Variant("absent citations in place of quotes", "evidence", case.with_persona(at, changed), at)
    yield Variant("no citations at all", "evidence", case.with_persona(at, uncited(persona)), at)


def uncited(persona: Persona) -> Persona:
    """A persona whose claims say nothing of where they come from; what is nothing but a quote stays as text."""
    return with_claims(persona, lambda _, claim: claim.model_copy(update={"evidence": ()}))
