"""Two scorecards side by side: what the second set gained and lost."""

from __future__ import annotations

from collections.abc import Mapping

from persona_core.models.scorecard import Comparison, PersonaDifference, PersonaScore, Scorecard


def compare(first: Scorecard, second: Scorecard) -> Comparison:
    """Compare two sets; personas meet by id and name, else by name, else by id, each at most once."""
    pairs = _pairs(first, second)
    met = {one.id for one, _ in pairs}, {other.id for _, other in pairs}
    return Comparison(
        first=first,
        second=second,
        overall=_gain(first.set.overall, second.set.overall),
        dimensions=_gains(first.set.dimensions, second.set.dimensions),
        personas=tuple(_difference(one, other) for one, other in pairs),
        only_first=tuple(each.id for each in first.personas if each.id not in met[0]),
        only_second=tuple(each.id for each in second.personas if each.id not in met[1]),
    )


def _pairs(first: Scorecard, second: Scorecard) -> list[tuple[PersonaScore, PersonaScore]]:
    found: dict[str, PersonaScore] = {}
    left = list(second.personas)
    for key in (lambda each: (each.id, each.name), lambda each: each.name, lambda each: each.id):
        for one in first.personas:
            other = next((each for each in left if key(each) == key(one)), None)
            if one.id not in found and other is not None:
                found[one.id] = other
                left.remove(other)
    return [(one, found[one.id]) for one in first.personas if one.id in found]


def _difference(one: PersonaScore, other: PersonaScore) -> PersonaDifference:
    values = [{name: each.value for name, each in score.dimensions.items()} for score in (one, other)]
    return PersonaDifference(
        first=one.id,
        second=other.id,
        name=other.name,
        overall=_gain(one.overall, other.overall),
        dimensions=_gains(*values),
    )


def _gains(
    before: Mapping[str, float | None], after: Mapping[str, float | None]
) -> Mapping[str, float | None]:
    return {name: _gain(value, after.get(name)) for name, value in before.items()}


def _gain(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 1)
