"""Scores of clean and corrupted personas, each within its set, and how well the one is told from the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from persona_core.models import Scorecard
from persona_core.models.persona import PersonaSet
from persona_core.models.scorecard import PersonaScore
from persona_core.pipeline import score
from validity.cases import Case
from validity.corrupt_citations import added, instead
from validity.corrupt_copies import copies
from validity.corrupt_facts import contradictions, harmless
from validity.corrupt_gaps import missing, padded, thin
from validity.corrupt_goals import generic_goals
from validity.corrupt_names import placeholder_names
from validity.corrupt_quotes import invented, of_others, shuffled
from validity.corrupt_swaps import swaps
from validity.variants import Make, Variant

GENERATORS: tuple[Make, ...] = (
    placeholder_names,
    generic_goals,
    contradictions,
    harmless,
    invented,
    of_others,
    shuffled,
    added,
    instead,
    copies,
    missing,
    thin,
    padded,
    swaps,
)
RESAMPLES = 1000
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Scored:
    """One persona's scores; a dimension that was not scored has nothing."""

    key: Key
    kind: str
    label: str
    dimension: str
    overall: float | None
    dimensions: Mapping[str, float | None]
    capped: bool = False
    own: bool = True
    issues: tuple[str, ...] = ()
    """What the dimension that ought to notice took points for."""


@dataclass(frozen=True, slots=True)
class Power:
    """How well scores tell one kind of fault from none."""

    n: int
    auroc: float
    low: float
    high: float
    loss: float
    """Mean points lost against the clean persona."""


def scored_of(case: Case, card: PersonaScore, key: Key, variant: Variant | None = None) -> Scored:
    """Keep of a score what is measured here."""
    dimension = variant.dimension if variant else ""
    return Scored(
        key=key,
        kind=variant.kind if variant else "clean",
        label=variant.label if variant else "",
        dimension=dimension,
        overall=card.overall,
        dimensions={name: each.value for name, each in card.dimensions.items()},
        capped=card.capped is not None,
        own=case.own,
        issues=tuple(
            f"{issue.dimension} {issue.path} −{issue.points}: {issue.message}"
            for issue in card.issues
            if issue.dimension == dimension or not variant
        ),
    )


def clean(cases: Iterable[Case]) -> list[Scored]:
    """Score the clean sets."""
    found = []
    for case in cases:
        card = score(case.personas, case.corpus)
        found += [scored_of(case, each, case.key(at)) for at, each in enumerate(card.personas)]
    return found


def corrupted(cases: Iterable[Case], generators: Sequence[Make] = GENERATORS) -> Iterator[Scored]:
    """Score every variant within its set."""
    for case in cases:
        for at in range(len(case.personas.personas)):
            for make in generators:
                for variant in make(case, at):
                    card = judged(variant.personas, case)
                    yield scored_of(case, card.personas[variant.at], case.key(at), variant)


def judged(personas: PersonaSet, case: Case) -> Scorecard:
    """The scorecard of a set over its study."""
    return score(personas, case.corpus)


def auroc(clean: np.ndarray, corrupted: np.ndarray) -> float:
    """How often a clean persona scores above a corrupted one, 0–1; ties count half (Mann-Whitney)."""
    ordered = np.sort(clean)
    below = np.searchsorted(ordered, corrupted, side="left")
    not_above = np.searchsorted(ordered, corrupted, side="right")
    above, ties = len(clean) - not_above, not_above - below
    return float((above + ties / 2).sum() / (len(clean) * len(corrupted)))


def values(scores: Iterable[Scored], dimension: str | None) -> dict[Key, list[float]]:
    """The scores overall or of a dimension by persona, left out where unscored."""
    found: dict[Key, list[float]] = {}
    for each in scores:
        value = each.overall if dimension is None else each.dimensions[dimension]
        if value is not None:
            found.setdefault(each.key, []).append(value)
    return found


def power(
    clean: Sequence[Scored], corrupt: Sequence[Scored], dimension: str | None, seed: int = 0
) -> Power | None:
    """AUROC with a 95 % bootstrap interval over personas (percentiles of 1,000 resamples), and the mean loss.

    A persona drawn brings its clean score and all its variants. Nothing where nothing was scored.
    """
    good, bad = values(clean, dimension), values(corrupt, dimension)
    keys = sorted(set(good) & set(bad))
    if not keys:
        return None
    goods, bads = [np.array(good[key]) for key in keys], [np.array(bad[key]) for key in keys]
    rng = np.random.default_rng(seed)
    drawn = [
        auroc(np.concatenate([goods[i] for i in picked]), np.concatenate([bads[i] for i in picked]))
        for picked in rng.integers(len(keys), size=(RESAMPLES, len(keys)))
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    losses = [float(goods[i].mean()) - value for i in range(len(keys)) for value in bads[i]]
    return Power(
        n=sum(map(len, bads)),
        auroc=auroc(np.concatenate(goods), np.concatenate(bads)),
        low=float(low),
        high=float(high),
        loss=float(np.mean(losses)),
    )


def missed(clean: Sequence[Scored], corrupt: Iterable[Scored]) -> list[Scored]:
    """Variants that the dimension which ought to notice scored no lower than the clean persona, or not at all."""
    before = {each.key: each.dimensions for each in clean}
    return [each for each in corrupt if not _lower(each, before[each.key][each.dimension])]


def _lower(each: Scored, before: float | None) -> bool:
    now = each.dimensions[each.dimension]
    return now is not None and before is not None and now < before


def by_label(scores: Iterable[Scored]) -> dict[str, list[Scored]]:
    """Scores by what the label says before its number."""
    found: dict[str, list[Scored]] = {}
    for each in scores:
        found.setdefault(re.sub(r" \d+$", "", each.label), []).append(each)
    return found
