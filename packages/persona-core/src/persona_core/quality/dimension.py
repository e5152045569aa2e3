"""What a dimension is given and what it gives: a pure function over the whole set, no points without a reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona
from persona_core.models.report import EvidenceReport
from persona_core.quality.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Given:
    """All that a dimension may look at."""

    personas: tuple[Persona, ...]
    config: Configuration
    corpus: Corpus | None = None
    """The sources, where they are at hand; with a `report` alone their text is not."""
    report: EvidenceReport | None = None
    """Where each quote was found; always there with a `corpus`. Its personas stand in the order of `personas`."""
    vectors: Mapping[str, Sequence[float]] | None = None
    """Meaning of texts by an embedder, by text, of length 1; nothing without an embedder."""


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points lost at one place, and why."""

    path: str
    message: str
    points: float
    """0–100."""
    caps: bool = False
    """Whether it caps the overall score, whatever else is good: an impossible fact, or no quote found at all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one persona does in one dimension."""

    deductions: tuple[Deduction, ...] = ()
    bonus: float = 0.0
    """Points that make up for lost ones, 0–100; the value never passes 100."""
    unscored: str | None = None
    """Why it cannot be measured; then it has no value."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Figures behind the value, by name; JSON values only."""

    @property
    def value(self) -> float | None:
        """100 less the points lost, with the bonus, 0–100, to one place; nothing where unscored."""
        if self.unscored is not None:
            return None
        return round(min(100.0, max(0.0, 100.0 - self._lost + self.bonus)), 1)

    @property
    def made_up(self) -> float:
        """How much of what was lost the bonus makes up for, 0–100, to one place."""
        return round(min(self.bonus, self._lost), 1)

    @property
    def _lost(self) -> float:
        return math.fsum(deduction.points for deduction in self.deductions)


def _nothing(_given: Given) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: how it measures, and in which version."""

    name: str
    """One of the five, or the name of a dimension of the caller's own."""
    version: str
    """Changes whenever the same input may give another value."""
    measure: Callable[[Given], Sequence[Measure]]
    """One measure for each persona, in their order."""
    texts: Callable[[Given], Iterable[str]] = _nothing
    """What it would like to have vectors of, where there is an embedder."""
