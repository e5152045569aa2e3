"""What is asked of personas: weights, levels and minimums, a value that is passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import yaml
from pydantic import Field, ValidationError, field_validator

from persona_core.errors import ConfigurationError
from persona_core.models.noun import Noun
from persona_core.models.scorecard import WEIGHTS, Level

CAP = 39.0
"""Most that a persona with an impossible fact, or without any quote that is found, may have."""


class Configuration(Noun):
    """How personas are measured."""

    weights: Mapping[str, float] = {**WEIGHTS}
    """Share of each dimension in the overall score; they are scaled to a sum of 1. 0 leaves a dimension out of the score."""
    levels: Mapping[str, float] = {"excellent": 90, "good": 75, "acceptable": 60, "poor": 40}
    """The least overall score of each level; below the last it is failing."""
    minimums: Mapping[str, int] = {
        "demographics": 2,
        "goals": 2,
        "pain_points": 2,
        "behaviours": 2,
        "quotes": 1,
    }
    """How many of each a complete persona has."""
    strict: bool = False
    """Whether a set passes only where every dimension is scored."""
    max_missing: int | None = Field(default=None, ge=0)
    """A set passes only with so many quotes at most that are not found, or somebody else's; nothing for any."""

    @field_validator("weights")
    @classmethod
    def _to_one(cls, weights: Mapping[str, float]) -> Mapping[str, float]:
        if unknown := sorted(set(weights) - set(WEIGHTS)):
            raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(WEIGHTS)}")
        given: dict[str, float] = {**WEIGHTS, **weights}
        if any(not 0 <= weight <= 1000 for weight in given.values()) or not sum(given.values()):
            raise ValueError("weights must be between 0 and 1000, and one of them above 0")
        return {name: weight / sum(given.values()) for name, weight in given.items()}

    @field_validator("levels")
    @classmethod
    def _falling(cls, levels: Mapping[str, float]) -> Mapping[str, float]:
        steps: dict[str, float] = {**cls.model_fields["levels"].default, **levels}
        if unknown := sorted(set(steps) - set(get_args(Level)[:-1])):
            raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(get_args(Level)[:-1])}")
        falling = list(steps.values())
        if any(not 0 <= step <= 100 for step in falling) or falling != sorted(falling, reverse=True):
            raise ValueError("levels must fall from excellent to poor, between 100 and 0")
        return steps

    @field_validator("minimums")
    @classmethod
    def _all_minimums(cls, minimums: Mapping[str, int]) -> Mapping[str, int]:
        default: Mapping[str, int] = cls.model_fields["minimums"].default
        if any(not 0 <= least <= 100 for least in minimums.values()):
            raise ValueError("a minimum is between 0 and 100")
        if unknown := sorted(set(minimums) - set(default)):
            raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(default)}")
        return {**default, **minimums}

    def level(self, overall: float) -> Level:
        """The level of an overall score."""
        levels: tuple[Level, ...] = get_args(Level)
        return next((level for level in levels[:-1] if overall >= self.levels[level]), "failing")

    def shifted(self, by: float) -> Configuration:
        """The same with every level `by` points higher, at most 100."""
        return self.model_copy(
            update={
                "levels": {level: min(100.0, max(0.0, least + by)) for level, least in self.levels.items()}
            }
        )


STRICT, LENIENT = 5.0, -10.0
"""By how many points `--strict` and `--lenient` shift the levels."""


def strict(config: Configuration) -> Configuration:
    """Ask for more: every dimension scored, every quote found where no other number is given, levels 5 points higher."""
    most = config.max_missing or 0
    return config.shifted(STRICT).model_copy(update={"strict": True, "max_missing": most})


def lenient(config: Configuration) -> Configuration:
    """Ask for less: levels 10 points lower."""
    return config.shifted(LENIENT)


def read_configuration(text: str, name: str = "the configuration") -> Configuration:
    """Read a configuration in YAML or JSON; what it does not say stays as it is.

    Raises ConfigurationError that names the key.
    """
    try:
        given: Any = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = "" if mark is None else f", line {mark.line + 1}"
        raise ConfigurationError(f"{name}{place}: is no YAML or JSON") from error
    if not isinstance(given, Mapping):
        raise ConfigurationError(f"{name} must be an object with weights, levels or minimums")
    try:
        return Configuration.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        known = ", ".join(Configuration.model_fields)
        said = (
            f"is no setting; known are {known}"
            if first["type"] == "extra_forbidden"
            else first["msg"].removeprefix("Value error, ")
        )
        raise ConfigurationError(f"{name}: {place}: {said}") from error
