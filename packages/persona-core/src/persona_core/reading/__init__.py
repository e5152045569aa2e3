"""Personas files of any tool, read permissively: parsed JSON or YAML in, `PersonaSet` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from persona_core.errors import LoadError
from persona_core.models.notice import Notice
from persona_core.models.persona import (
    FACETS,
    CorpusRef,
    Generation,
    Persona,
    PersonaSet,
    Support,
    Withdrawal,
)
from persona_core.reading.beside import Claims
from persona_core.reading.claims import claims_of
from persona_core.reading.names import PERSONA, Fields, all_valid, bare, code, text, valid

__all__ = ["parse_personas"]

_SET_KEYS = {
    key: key
    for key in ("corpus", "generation", "warnings", "unrepresented", "withdrawn", "personas", "persona")
}
_Status = Literal["draft", "reviewed", "final"]


def parse_personas(document: object) -> PersonaSet:
    """Read personas as this or another tool wrote them.

    Takes a personas file, a bare list, or a single persona. Claims may be strings; evidence may stand
    beside the claims; unknown keys are kept under `extra`. Raises LoadError that names the place
    (`personas[2].goals[0]`).
    """
    if isinstance(document, Mapping) and "schema_version" in document:
        if str(document["schema_version"]) != "1":
            raise LoadError("only version 1 can be read; use a newer Persona", place="schema_version")
        strict = valid(PersonaSet)(document)
        if strict is not None and _distinct(strict.personas):
            return strict.model_copy(update={"personas": tuple(map(_infer, strict.personas))})
    return _parse(document)


def _parse(document: object) -> PersonaSet:
    listed, around = _listed(document)
    taken = {str(each["id"]) for each in listed if isinstance(each, Mapping) and each.get("id")}
    personas: dict[str, Persona] = {}
    for i, each in enumerate(listed):
        persona = _persona(each, f"personas[{i}]", _free_id(i + 1, taken))
        taken.add(persona.id)
        if personas.setdefault(persona.id, persona) is not persona:
            raise LoadError(
                f"the id “{persona.id}” stands twice; give each persona its own", place=f"personas[{i}]"
            )
    return PersonaSet(
        corpus=around.take("corpus", valid(CorpusRef)) or CorpusRef(),
        generation=around.take("generation", valid(Generation)) or Generation(synthesiser="unknown"),
        warnings=around.take("warnings", all_valid(Notice)) or (),
        unrepresented=around.take("unrepresented", _codes) or (),
        withdrawn=around.take("withdrawn", all_valid(Withdrawal)) or (),
        personas=tuple(personas.values()),
        extra={key: value for key, value in around.left().items() if key != "schema_version"},
    )


def _listed(document: object) -> tuple[Sequence[object], Fields]:
    """The personas of a document, and what stands around them."""
    if isinstance(document, list):
        return document, Fields({}, {}, "", "")
    around = Fields(document, _SET_KEYS, "", "personas must be a list or an object with “personas”")
    if (listed := around.take("personas", _list)) is not None:
        return listed, around
    inside = around.take("personas", _object) or around.take("persona", _object)
    if inside is not None:
        return [inside], around
    keys = {PERSONA.get(bare(key)) for key in around.left()}
    if keys & {"name", *FACETS}:
        return [document], Fields({}, {}, "", "")
    raise LoadError("holds no personas; give a list of them, one persona, or an object with “personas”")


def _persona(given: object, place: str, made_id: str) -> Persona:
    fields = Fields(given, PERSONA, place, "a persona must be an object with a name and claims")
    claims = Claims(place)
    for facet in (*FACETS, "quotes", "headline"):
        for key in fields.keys(facet):
            claims.add(key, facet, claims_of(fields.pop(key), facet, f"{place}.{key}"))
    unattached = [left for key in fields.keys("evidence") if (left := claims.attach(fields.pop(key)))]
    title, own_id = fields.take("title", text), fields.take("id", code)
    name = fields.take("name", code) or title or own_id
    if name is None:
        raise LoadError("this persona has no “name”", place=place)
    headline = claims.by_facet.pop("headline", [])
    status = fields.take("status", _status)
    values: dict[str, Any] = {
        "summary": fields.take("summary", text) or "",
        "status": status or "draft",
        "support": fields.take("support", valid(Support)),
        "demographics": _demographics(fields),
        "scenario": fields.take("scenario", text),
    }
    if (participants := fields.take("participants", _codes)) is not None:
        values["participants"] = participants
    values |= {facet: tuple(each) for facet, each in claims.by_facet.items()}
    extra = fields.left()
    if unattached:
        extra["evidence"] = unattached[0] if len(unattached) == 1 else unattached
    if headline[1:]:
        extra["headlines"] = [claim.text for claim in headline[1:]]
    return _infer(
        Persona(
            id=own_id or made_id,
            name=name,
            title=title or "",
            headline=headline[0] if headline else None,
            extra=extra,
            **values,
        )
    )


def _demographics(fields: Fields) -> dict[str, Any]:
    nested = fields.take("demographics", _object) or {}
    return {
        **fields.demographics(),
        **{str(key): value for key, value in nested.items() if value is not None},
    }


def _infer(persona: Persona) -> Persona:
    """Take those who are cited for the persona's participants, where the file does not name them."""
    if "participants" in persona.model_fields_set:
        return persona
    cited = (each.participant for each in persona.evidence())
    codes = tuple(dict.fromkeys(each for each in cited if each))
    return persona.model_copy(update={"participants": codes}) if codes else persona


def _distinct(personas: Sequence[Persona]) -> bool:
    return len({persona.id for persona in personas}) == len(personas)


def _free_id(number: int, taken: set[str]) -> str:
    while (made := f"persona-{number:03d}") in taken:
        number += 1
    return made


def _list(value: object) -> list[object] | None:
    return value if isinstance(value, list) else None


def _object(value: object) -> Mapping[object, Any] | None:
    return value if isinstance(value, Mapping) else None


def _codes(value: object) -> tuple[str, ...] | None:
    """A list of codes; of objects, their ids."""
    if not isinstance(value, list):
        return None
    inner = [each.get("id") if isinstance(each, Mapping) else each for each in value]
    codes = [code(each) for each in inner]
    return None if None in codes else tuple(each for each in codes if each)


def _status(value: object) -> _Status | None:
    return value if value in ("draft", "reviewed", "final") else None
