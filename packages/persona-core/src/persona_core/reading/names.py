"""What other tools call the fields of a persona, and taking them out of an object one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from persona_core.errors import LoadError

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def bare(key: object) -> str:
    """A key in lower case without anything but letters: `painPoints` and `pain points` are the same."""
    return re.sub(r"[^a-z]", "", str(key).lower())


def _names(**aliases: str) -> dict[str, str]:
    return {alias: name for name, listed in aliases.items() for alias in [bare(name), *listed.split()]}


PERSONA = _names(
    id="personaid",
    name="personaname fullname",
    title="tagline archetype",
    summary="description bio biography about background",
    status="",
    support="",
    participants="participantids participantcodes",
    demographics="demographic",
    headline="",
    goals="goal objectives",
    needs="need",
    pain_points="painpoint pains frustrations frustration challenges",
    behaviours="behaviors behaviour behavior habits",
    motivations="motivation drivers",
    context="contexts",
    quotes="quote keyquotes representativequotes verbatims",
    scenario="",
    evidence="evidences citations",
)
CLAIM = _names(
    text="statement description value claim content title goal need pain painpoint frustration behaviour behavior motivation point label",
    origin="",
    support="",
    evidence="evidences citations sources",
    against="counterevidence",
)
EVIDENCE = _names(
    quote="text excerpt verbatim snippet",
    segment="segmentid",
    tier="",
    arrived_as="",
    similarity="",
    participant="participantid respondent respondentid speaker",
    locator="",
    file="sourcefile filename source",
    line="linenumber lineno",
)
DEMOGRAPHICS = frozenset(
    """
    age agerange agegroup gender occupation job jobtitle profession location city country education income
    industry maritalstatus family ethnicity experience
    """.split()
)


def kind_of(value: object) -> str:
    """What a value is, in words."""
    words = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return "nothing" if value is None else words.get(type(value), f"a {type(value).__name__}")


def text(value: object) -> str | None:
    """A text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def code(value: object) -> str | None:
    """A code or an id: a text, or a number as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)


def valid(model: type[M]) -> Callable[[object], M | None]:
    """Read a value as a model; None where it is not one."""

    def convert(value: object) -> M | None:
        try:
            return model.model_validate(value)
        except ValidationError:
            return None

    return convert


def all_valid(model: type[M]) -> Callable[[object], tuple[M, ...] | None]:
    """Read a list of models; None where it is not one."""

    def convert(value: object) -> tuple[M, ...] | None:
        listed = [valid(model)(each) for each in value] if isinstance(value, list) else [None]
        return None if None in listed else tuple(each for each in listed if each)

    return convert


class Fields:
    """An object's values under our names; what is not taken is left under its own name."""

    def __init__(self, given: object, names: Mapping[str, str], place: str, wanted: str) -> None:
        if not isinstance(given, Mapping):
            raise LoadError(f"{wanted}; this is {kind_of(given)}", place=place)
        self._given = {str(key): value for key, value in given.items() if value is not None}
        extra = self._given.get("extra")
        self._extra = {str(key): value for key, value in extra.items()} if isinstance(extra, Mapping) else {}
        if isinstance(extra, Mapping):
            del self._given["extra"]
        self._names = names

    def keys(self, name: str) -> list[str]:
        """The object's own names for a field, ours first."""
        found = (key for key in self._given if self._names.get(bare(key)) == name)
        return sorted(found, key=lambda key: key != name)

    def pop(self, key: str) -> Any:
        """Take the value under the object's own name."""
        return self._given.pop(key)

    def take(self, name: str, convert: Callable[[object], T | None]) -> T | None:
        """Take the first value of a field that `convert` can read; None where there is none."""
        for key in self.keys(name):
            if (value := convert(self._given[key])) is not None:
                del self._given[key]
                return value
        return None

    def demographics(self) -> dict[str, Any]:
        """Take what says who somebody is and stands beside the rest."""
        return {key: self._given.pop(key) for key in list(self._given) if bare(key) in DEMOGRAPHICS}

    def left(self) -> dict[str, Any]:
        """What nobody took, with what stood under `extra` already."""
        return {**self._given, **self._extra}
