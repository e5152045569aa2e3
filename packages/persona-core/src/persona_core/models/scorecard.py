"""What measuring says: the scores of a set of personas, and why points were lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from persona_core.models.notice import Notice
from persona_core.models.noun import Noun

WEIGHTS: Mapping[str, float] = {
    "completeness": 0.25,
    "consistency": 0.20,
    "evidence": 0.25,
    "distinctiveness": 0.15,
    "realism": 0.15,
}
"""Share of each in the overall score, where nobody says otherwise."""

Level = Literal["excellent", "good", "acceptable", "poor", "failing"]

WHAT_SCORES_ARE = (
    "Scores measure how well the personas can be traced to what participants said and how well they hold together, "
    "not whether they are true of a market."
)


class Issue(Noun):
    """One reason for which points were lost."""

    dimension: str
    """Which one lost the points."""
    path: str
    """Where: `goals[1]`, `demographics.age_range`, `headline`; empty for the persona as a whole."""
    message: str
    """What is wrong, and what to do."""
    points: float
    """Points lost in this dimension, 0–100."""


class DimensionScore(Noun):
    """How a persona does in one dimension."""

    value: float | None
    """0–100; nothing where it cannot be measured."""
    weight: float
    """Its share of the overall score, 0–1, before weights of unscored dimensions are spread over the others."""
    reason: str | None = None
    """Why it cannot be measured."""
    made_up: float = 0.0
    """Points lost that what nobody expected makes up for; they are in the value."""
    details: Mapping[str, Any] = {}
    """The figures behind the value, by name."""


class PersonaScore(Noun):
    """The scores of one persona."""

    id: str
    """As the personas file has it."""
    name: str
    overall: float | None
    """0–100: weighted mean over the scored dimensions, at most the cap where one holds."""
    level: Level | None
    """The overall score in a word."""
    capped: str | None = None
    """Why the overall score may not pass the cap."""
    dimensions: Mapping[str, DimensionScore]
    """By name."""
    issues: tuple[Issue, ...] = ()
    """In the order of the dimensions, most points first."""
    judged: Mapping[str, DimensionScore] = {}
    """What a model said where it was asked (`groundedness`, `consistency`); counts for nothing above."""


class Gate(Noun):
    """What was asked of the set, and whether it holds."""

    min_score: float | None = None
    """The least score that was asked of every persona."""
    max_missing: int | None = None
    """How many quotes were allowed to be missing, or somebody else's; nothing for any number."""
    strict: bool = False
    """Whether every dimension had to be scored."""
    passed: bool = True
    """Whether all that was asked holds; always where nothing was."""
    reasons: tuple[str, ...] = ()
    """Why it does not."""


class SetScore(Noun):
    """The set as a whole: means over its personas."""

    overall: float | None
    """Mean of the personas that have a score."""
    level: Level | None
    """The mean in a word."""
    dimensions: Mapping[str, float | None]
    """Mean of each over the personas that are scored in it."""
    effective_personas: float | None = None
    """As how many entirely different personas the set counts, 1 to their number; nothing below two."""
    gate: Gate = Gate()
    """What `min_score`, `max_missing` and `strict` asked for, and whether it holds."""


class Scorecard(Noun):
    """The scores of a set of personas, with what they were taken with."""

    schema_version: Literal["1"] = "1"
    note: str = WHAT_SCORES_ARE
    """What scores are, and are not."""
    versions: Mapping[str, str]
    """Of each dimension."""
    weights: Mapping[str, float]
    """Of each dimension, in sum 1."""
    unscored: Mapping[str, str] = {}
    """Dimensions that no persona has a score in, and why."""
    warnings: tuple[Notice, ...] = ()
    """What the personas rest on too little, and whom they leave out."""
    set: SetScore
    personas: tuple[PersonaScore, ...]
    """In the order of the personas file."""


class PersonaDifference(Noun):
    """A persona that both sets have, by id, or by name where ids differ."""

    first: str
    """Id in the first set."""
    second: str
    """Id in the second."""
    name: str
    overall: float | None
    """Points gained from the first to the second, negative for lost; nothing where either is unscored."""
    dimensions: Mapping[str, float | None]


class Comparison(Noun):
    """Two sets of personas measured in the same way."""

    schema_version: Literal["1"] = "1"
    first: Scorecard
    second: Scorecard
    overall: float | None
    """Points gained from the first set to the second."""
    dimensions: Mapping[str, float | None]
    personas: tuple[PersonaDifference, ...] = ()
    only_first: tuple[str, ...] = ()
    """Ids of personas that the second set has not."""
    only_second: tuple[str, ...] = ()
