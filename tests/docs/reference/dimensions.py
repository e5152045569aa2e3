"""The five dimensions, from the docstrings of their modules."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import resources

import yaml
from docs.reference.writing import prose, table

from persona_core.quality import DIMENSIONS, Configuration, Dimension
from persona_core.quality.configuration import CAP, LENIENT, STRICT


def dimensions() -> str:
    """What each measures, and what it deducts for."""
    return "\n\n".join(part for each in DIMENSIONS.values() for part in _described(each))


def _described(dimension: Dimension) -> Iterator[str]:
    where = dimension.measure.__module__
    doc = inspect.cleandoc(sys.modules[where].__doc__ or "")
    said = doc.partition(": ")[2]
    yield f"## {dimension.name.capitalize()}"
    yield prose(said[0].upper() + said[1:])
    if figures := list(_figures(doc, vars(sys.modules[where]))):
        yield f"Here {'; '.join(figures)}."
    if dimension.name == "consistency":
        yield _rules()
    yield f"Version {dimension.version}; code: `{where}`."


def _figures(doc: str, names: Mapping[str, object]) -> Iterator[str]:
    """The constants that a docstring names, with their values."""
    for name in dict.fromkeys(re.findall(r"`([A-Z][A-Z_]+)`", doc)):
        if (value := names.get(name)) is None:
            continue
        said = (
            ", ".join(f"{key} {each:g}" for key, each in value.items())
            if isinstance(value, dict)
            else f"{value:g}"
        )
        yield f"`{name}` is {said}"


def _rules() -> str:
    """What facts cannot both be true, from the file that says so."""
    text = resources.files("persona_core.quality.consistency").joinpath("data/rules.yaml").read_text("utf-8")
    rows = ((name, each["why"], f"{each['points']:g}") for name, each in yaml.safe_load(text).items())
    return table(("Contradiction", "Because", "Points"), rows)


def weights() -> str:
    """Weights and versions."""
    config = Configuration()
    return table(
        ("Dimension", "Weight", "Version"),
        ((f"`{name}`", f"{config.weights[name]:g}", each.version) for name, each in DIMENSIONS.items()),
    )


def levels() -> str:
    """Levels under each strictness, the cap, and what a complete persona has."""
    usual = Configuration()
    kinds = (usual, usual.shifted(STRICT), usual.shifted(LENIENT))
    rows = [(f"`{level}`", *(f"{each.levels[level]:g}" for each in kinds)) for level in usual.levels]
    steps = table(("Level", "From", "with `--strict`", "with `--lenient`"), rows)
    wanted = ", ".join(f"{least} `{name}`" for name, least in usual.minimums.items())
    return (
        f"{steps}\n\nBelow the last a persona is `failing`. The cap is {CAP:g}. "
        f"A complete persona has a name and at least {wanted}."
    )
