"""What the appendix shows: who stands behind whom, the scores, and how alike the personas are."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from persona_core.models import Scorecard
from persona_core.models.scorecard import DimensionScore, PersonaScore
from persona_core.rendering.audience import Showing
from persona_core.rendering.markdown import HEADINGS
from persona_core.rendering.report.drawing import bar, heat, step
from persona_core.rendering.report.posters import Poster
from persona_core.rendering.scorecard import figure, notes

_FIGURES = 16
"""Personas up to which likenesses stand as figures."""
_PAIRS = 8


@dataclass(frozen=True, slots=True)
class CellView:
    """One dimension of one persona."""

    figure: str
    bar: Markup | None
    why: str
    """Why it is unscored."""


@dataclass(frozen=True, slots=True)
class IssueView:
    """Why points were lost."""

    points: str
    dimension: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A persona's scores."""

    name: str
    hue: int
    overall: str
    level: str
    cells: tuple[CellView, ...]
    issues: tuple[IssueView, ...]


@dataclass(frozen=True, slots=True)
class ScoresView:
    """The scorecard on a page."""

    dimensions: tuple[str, ...]
    personas: tuple[ScoreView, ...]
    overall: str
    level: str
    whole: tuple[CellView, ...]
    notes: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class LikenessView:
    """How alike the personas are: figures for a few, shades for many, and the pairs most alike."""

    rows: tuple[tuple[Poster, tuple[tuple[str, int], ...]], ...]
    drawing: Markup | None
    pairs: tuple[tuple[str, str, str], ...]


def scores(card: Scorecard, posters: Sequence[Poster], showing: Showing) -> ScoresView:
    """Make a scorecard ready; its personas stand in the order of the posters, or are told apart by name."""
    names = tuple(card.weights)
    whole = card.set
    return ScoresView(
        dimensions=tuple(name.capitalize() for name in names),
        personas=tuple(
            _score(each, i, posters, names, card.unscored, showing) for i, each in enumerate(card.personas)
        ),
        overall=figure(whole.overall),
        level=whole.level or "",
        whole=tuple(_cell(whole.dimensions.get(name), "", showing) for name in names),
        notes=tuple(showing.said(note) for note in notes(card)),
        what=card.note,
    )


def _score(
    each: PersonaScore,
    i: int,
    posters: Sequence[Poster],
    names: Sequence[str],
    everywhere: Container[str],
    showing: Showing,
) -> ScoreView:
    """Make a persona's scores ready; of dimensions that are unscored `everywhere` the notes say why, once."""
    same = len(posters) > i
    return ScoreView(
        name=posters[i].name if same else showing.said(each.name),
        hue=posters[i].hue if same else 0,
        overall=figure(each.overall),
        level=each.level or "unscored",
        cells=tuple(_of(each.dimensions.get(name), name in everywhere, showing) for name in names),
        issues=tuple(
            IssueView(
                f"−{figure(issue.points)}",
                issue.dimension,
                place(issue.path),
                showing.said(issue.message) or "words that may not be shown are part of this",
            )
            for issue in each.issues
        ),
    )


def _of(score: DimensionScore | None, everywhere: bool, showing: Showing) -> CellView:
    why = "" if score is None or everywhere else score.reason or ""
    return _cell(score.value if score else None, why, showing)


def _cell(value: float | None, why: str, showing: Showing) -> CellView:
    if value is None:
        reason = showing.said(why)
        return CellView("", None, f"unscored, because {reason}" if reason else "unscored")
    return CellView(figure(value), bar(value), "")


def place(path: str) -> str:
    """A path in words: `pain_points[1]` is “pain points 2”, `demographics.age_range` “demographics, age range”."""
    name, _, number = path.partition("[")
    index = number.rstrip("]")
    plain = HEADINGS.get(name, name).replace(".", ", ").replace("_", " ")
    return plain.lower() + (f" {int(index) + 1}" if index.isdecimal() else "")


def alike(likenesses: Sequence[Sequence[float]], posters: Sequence[Poster]) -> LikenessView | None:
    """Make likenesses (0–1, of each persona with each, in their order) ready; nothing where there are no two."""
    if len(posters) < 2 or len(likenesses) != len(posters):
        return None
    pairs = sorted(
        ((-float(likenesses[i][j]), i, j) for i in range(len(posters)) for j in range(i)),
    )[:_PAIRS]
    few = len(posters) <= _FIGURES
    rows = tuple(
        (each, tuple((f"{value:.2f}", step(value)) for value in row))
        for each, row in zip(posters, likenesses, strict=True)
    )
    return LikenessView(
        rows=rows if few else (),
        drawing=None if few else heat(likenesses),
        pairs=tuple((posters[j].name, posters[i].name, f"{-value:.2f}") for value, i, j in pairs),
    )
