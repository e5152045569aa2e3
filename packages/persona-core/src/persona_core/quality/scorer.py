"""The score over the dimensions: renormalised weights, caps, levels and the gate."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence

from persona_core.errors import ConfigurationError
from persona_core.models.scorecard import (
    DimensionScore,
    Gate,
    Issue,
    PersonaScore,
    Scorecard,
    SetScore,
)
from persona_core.quality import completeness, consistency, distinctiveness, evidence, realism
from persona_core.quality.configuration import CAP, Configuration
from persona_core.quality.dimension import Dimension, Given, Measure

DIMENSIONS: Mapping[str, Dimension] = {
    module.DIMENSION.name: module.DIMENSION
    for module in (completeness, consistency, evidence, distinctiveness, realism)
}
"""The five dimensions, in the order they are read."""


def texts(given: Given) -> tuple[str, ...]:
    """What the dimensions would like to have vectors of, each once."""
    return tuple(dict.fromkeys(text for each in DIMENSIONS.values() for text in each.texts(given)))


def score_given(
    given: Given,
    *,
    min_score: float | None = None,
    allow_unscored: Iterable[str] = (),
    beside: Iterable[Dimension] = (),
) -> Scorecard:
    """Measure every dimension and bring them together.

    `min_score` (0–100) is asked of every persona, which also fails where evidence is unscored and not in
    `allow_unscored`. `beside` are dimensions of the caller's own: measured and shown like the five, of weight 0, so that
    overall scores stay comparable. The order of the personas changes nothing but the order of what is given back.
    Raises ConfigurationError for a dimension that does not exist, or has the name of another.
    """
    allowed = _known(allow_unscored)
    dimensions = _together(beside)
    weights = {name: given.config.weights.get(name, 0.0) for name in dimensions}
    measured = {name: each.measure(given) for name, each in dimensions.items()}
    scored = [
        _persona_score(given, weights, i, {name: measures[i] for name, measures in measured.items()})
        for i in range(len(given.personas))
    ]
    unscored = _unscored(measured)
    return Scorecard(
        versions={name: each.version for name, each in dimensions.items()},
        weights=weights,
        unscored=unscored,
        set=_set_score(
            given.config,
            scored,
            dimensions,
            distinctiveness.effective_of(measured["distinctiveness"]) if len(scored) > 1 else None,
            _gate(given, scored, min_score, allowed),
        ),
        personas=tuple(scored),
    )


def _known(names: Iterable[str]) -> frozenset[str]:
    named = frozenset(names)
    if unknown := sorted(named - set(DIMENSIONS)):
        raise ConfigurationError(f"no dimension “{unknown[0]}”; known are {', '.join(DIMENSIONS)}")
    return named


def _together(beside: Iterable[Dimension]) -> Mapping[str, Dimension]:
    """The five dimensions, then the caller's own."""
    dimensions = dict(DIMENSIONS)
    for each in beside:
        if each.name in dimensions:
            raise ConfigurationError(f"there is a dimension “{each.name}” already: give yours another name")
        dimensions[each.name] = each
    return dimensions


def _persona_score(
    given: Given, weights: Mapping[str, float], i: int, measures: Mapping[str, Measure]
) -> PersonaScore:
    persona, config = given.personas[i], given.config
    values = {name: each.value for name, each in measures.items()}
    capped = next((d.message for name in DIMENSIONS for d in measures[name].deductions if d.caps), None)
    overall = _weighted(values, weights)
    if overall is not None and capped is not None:
        overall = min(overall, CAP)
    return PersonaScore(
        id=persona.id,
        name=persona.name,
        overall=overall,
        level=None if overall is None else config.level(overall),
        capped=capped,
        dimensions={
            name: DimensionScore(
                value=values[name],
                weight=weights[name],
                reason=each.unscored,
                made_up=0.0 if each.unscored is not None else each.made_up,
                details=each.details,
            )
            for name, each in measures.items()
        },
        issues=tuple(issue for name, each in measures.items() for issue in _issues(name, each)),
    )


def _weighted(values: Mapping[str, float | None], weights: Mapping[str, float]) -> float | None:
    """The weighted mean over what is scored, to one place; nothing where nothing that counts is."""
    scored = [(value, weights[name]) for name, value in values.items() if value is not None and weights[name]]
    total = sum(weight for _, weight in scored)
    return round(sum(value * weight for value, weight in scored) / total, 1) if scored else None


def _issues(name: str, measure: Measure) -> list[Issue]:
    if measure.unscored is not None:
        return []
    issues = [
        Issue(dimension=name, path=each.path, message=each.message, points=round(each.points, 1))
        for each in measure.deductions
    ]
    return sorted(issues, key=lambda issue: (-issue.points, issue.path, issue.message))


def _unscored(measured: Mapping[str, Sequence[Measure]]) -> dict[str, str]:
    """Dimensions in which no persona has a value, with the reason."""
    return {
        name: measures[0].unscored or ""
        for name, measures in measured.items()
        if measures and all(each.unscored is not None for each in measures)
    }


def _set_score(
    config: Configuration,
    scored: Sequence[PersonaScore],
    names: Iterable[str],
    effective: float | None,
    gate: Gate,
) -> SetScore:
    overall = _mean(each.overall for each in scored)
    return SetScore(
        overall=overall,
        level=None if overall is None else config.level(overall),
        dimensions={name: _mean(each.dimensions[name].value for each in scored) for name in names},
        effective_personas=effective,
        gate=gate,
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = sorted(value for value in values if value is not None)
    return round(statistics.fmean(known), 1) if known else None


def _gate(
    given: Given, scored: Sequence[PersonaScore], min_score: float | None, allowed: frozenset[str]
) -> Gate:
    config = given.config
    reasons = [
        *_too_low(scored, _least(config, min_score)),
        *_not_found(given),
        *_not_scored(config, scored, min_score, allowed),
    ]
    if not scored:
        reasons = ["there are no personas"]
    return Gate(
        min_score=min_score,
        max_missing=config.max_missing,
        strict=config.strict,
        passed=not reasons,
        reasons=tuple(reasons),
    )


def _least(config: Configuration, min_score: float | None) -> float | None:
    """What every persona has to reach: as asked, or under `strict` an acceptable score."""
    return config.levels["acceptable"] if min_score is None and config.strict else min_score


def _too_low(scored: Sequence[PersonaScore], min_score: float | None) -> list[str]:
    if min_score is None:
        return []
    return [
        f"{each.name} ({each.id}) has {_figure(each.overall)}, below {min_score:g}"
        for each in scored
        if each.overall is None or each.overall < min_score
    ]


def _not_found(given: Given) -> list[str]:
    """More quotes that are not what a participant said than may be."""
    most = given.config.max_missing
    if given.report is None or most is None:
        return []
    claims = [claim for persona in given.report.personas for claim in persona.claims]
    wrong = sum(each.is_wrong for claim in claims for each in claim.evidence)
    if wrong <= most:
        return []
    said = "1 quote is" if wrong == 1 else f"{wrong} quotes are"
    return [f"{said} not what a participant said" + (f"; {most} may be" if most else "")]


def _figure(value: float | None) -> str:
    return "no score" if value is None else f"{value:g}"


def _not_scored(
    config: Configuration, scored: Sequence[PersonaScore], min_score: float | None, allowed: frozenset[str]
) -> list[str]:
    """Dimensions that have to be scored for the gate, and are not."""
    looked_up = min_score is not None or config.max_missing is not None
    asked = [name for name in DIMENSIONS if config.strict or (name == "evidence" and looked_up)]
    reasons = []
    for name in asked:
        missing = [each for each in scored if each.dimensions[name].value is None]
        if missing and name not in allowed:
            why = missing[0].dimensions[name].reason
            reasons.append(f"{name} is not scored: {why} (--allow-unscored {name} lets it pass)")
    return reasons
