"""Stub."""

from __future__ import annotations

from collections.abc import Sequence

from persona_core.quality.dimension import Dimension, Given, Measure


def _measure(given: Given) -> Sequence[Measure]:
    return [Measure(unscored="not measured yet") for _ in given.personas]


DIMENSION = Dimension(name="distinctiveness", version="1", measure=_measure)


def effective_personas(_personas: object) -> float | None:
    """Stub."""
    return None
