"""What is written: every noun with its fields, as their docstrings say."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Literal

from docs.reference.writing import default, sentence, table
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from persona_core.models import EvidenceReport, PersonaSet, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.script import Script
from persona_core.models.webhook import event_types
from persona_core.reading.names import CLAIM, EVIDENCE, PERSONA
from persona_core.runs import Manifest, Released

_PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    datetime: "time",
    Any: "anything",
}
_BOUNDS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " of them"),
)
_ENORMOUS = 10_000_000


def nouns(first: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    """These and all that stand in them, each once, in the order they are met."""
    found: dict[type[BaseModel], None] = {}
    waiting = list(first)
    while waiting:
        noun = waiting.pop(0)
        if noun not in found:
            found[noun] = None
            waiting += [each for field in noun.model_fields.values() for each in _inside(field.annotation)]
    return list(found)


def _inside(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in typing.get_args(kind):
        yield from _inside(each)


def described(noun: type[BaseModel], level: str = "###") -> str:
    """A noun: what it is, and its fields."""
    doc = inspect.cleandoc(noun.__doc__ or "").partition("\n\n")[0]
    schemas = noun.model_json_schema().get("properties", {})
    rows = [
        (f"`{name}`", kind(field.annotation), _default(field), _said(field, schemas[name]))
        for name, field in noun.model_fields.items()
    ]
    if not rows:
        return f"{level} {noun.__name__}\n\n{doc}"
    return f"{level} {noun.__name__}\n\n{doc}\n\n{table(('Key', 'Type', 'Default', 'What it is'), rows)}"


def _said(field: FieldInfo, schema: Mapping[str, Any]) -> str:
    """What a field's docstring says, and which values it takes."""
    return " ".join(filter(None, (sentence(field.description or ""), span(schema))))


def span(schema: Mapping[str, Any]) -> str:
    """The bounds of a value as a sentence; enormous ones are not worth a word."""
    options = [schema, *schema.get("anyOf", ())]
    for low, high, unit in _BOUNDS:
        least, most = (next((each[key] for each in options if key in each), None) for key in (low, high))
        if (least, most) != (None, None):
            return _between(least, most if most is None or most < _ENORMOUS else None, unit)
    return ""


def _between(least: float | None, most: float | None, unit: str) -> str:
    if least == most:
        return ""
    notable = least is not None and least > (1 if unit == " characters" else 0)
    if most is None:
        return f"At least {least:,}{unit}." if notable else ""
    return f"{least:,} to {most:,}{unit}." if notable or not unit else f"At most {most:,}{unit}."


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    return f"`{value.value}`" if isinstance(value, Enum) else default(value)


def kind(given: Any) -> str:
    """A type in words."""
    origin, inside = typing.get_origin(given), typing.get_args(given)
    if origin is typing.Annotated:
        return kind(inside[0])
    if origin is Literal and set(inside) >= set(event_types()):
        return "an [event](events.md)"
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in inside)
    if origin in (typing.Union, types.UnionType):
        named = " or ".join(dict.fromkeys(kind(each) for each in inside if each is not type(None)))
        return f"{named}, or null" if type(None) in inside else named
    if origin is not None and issubclass(origin, Mapping):
        return _object(kind(inside[1]))
    if origin is tuple and len(inside) == 2 and inside[1] is not Ellipsis:
        return f"pair of {kind(inside[0])}s"
    if origin in (tuple, list):
        return f"list of {kind(inside[0])}"
    if isinstance(given, type) and issubclass(given, Enum):
        return " or ".join(f"`{each.value}`" for each in given)
    if isinstance(given, type) and issubclass(given, BaseModel):
        return linked(given)
    return _PLAIN.get(given) or given.__name__


def _object(values: str) -> str:
    if values == "anything":
        return "object"
    return f"object ({values})" if " or " in values else f"object of {values}"


def linked(noun: type[BaseModel]) -> str:
    """A noun's name that leads to where it is described."""
    page = "file-formats.md" if noun in IN_FILES else "http.md"
    return f"[{noun.__name__}]({page}#{noun.__name__.lower()})"


def _all(*first: type[BaseModel]) -> str:
    return "\n\n".join(described(each) for each in nouns(first))


def personas() -> str:
    """The personas file."""
    return _all(PersonaSet)


def evidence() -> str:
    """The evidence report; what it shares with the personas file stands there."""
    shared = nouns([PersonaSet])
    return "\n\n".join(described(each) for each in nouns([EvidenceReport]) if each not in shared)


def scorecard() -> str:
    """The scorecard."""
    return _all(Scorecard)


def script() -> str:
    """The script."""
    return _all(Script)


def audit() -> str:
    """The audit."""
    return _all(Audit)


def manifest() -> str:
    """The manifest and the list of what left."""
    shared = nouns([PersonaSet])
    return "\n\n".join(described(each) for each in nouns([Manifest, Released]) if each not in shared)


def permissive() -> str:
    """Keys of other tools, and what they are read as."""
    rows = [
        (of, f"`{ours}`", ", ".join(f"`{each}`" for each in sorted(read) if each != ours.replace("_", "")))
        for of, names in (("a persona", PERSONA), ("a claim", CLAIM), ("evidence", EVIDENCE))
        for ours, read in _by_ours(names)
    ]
    return table(("In", "Is read as", "Also written"), (row for row in rows if row[2]))


def _by_ours(names: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    for ours in dict.fromkeys(names.values()):
        yield ours, [each for each, read in names.items() if read == ours]


IN_FILES = nouns([PersonaSet, EvidenceReport, Scorecard, Script, Audit, Manifest, Released])
"""What the page on file formats describes."""
