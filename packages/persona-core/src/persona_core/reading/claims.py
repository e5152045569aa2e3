"""Claims and evidence in the forms that tools give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from persona_core.errors import LoadError
from persona_core.models.corpus import Locator
from persona_core.models.persona import Claim, Evidence, Support, Tier
from persona_core.reading.names import CLAIM, EVIDENCE, Fields, bare, code, text, valid

_SEGMENT_ID = re.compile(r".+#\d+")
_Origin = Literal["extracted", "model", "researcher"]


def claims_of(value: object, facet: str, place: str) -> list[Claim]:
    """Read the claims of one facet: a list of them, one, or lists under headings."""
    if isinstance(value, list):
        return [
            _claim(each, facet, f"{place}[{i}]") for i, each in enumerate(value) if each not in (None, "")
        ]
    if isinstance(value, Mapping) and not _is_claim(value):
        return [claim for key, each in value.items() for claim in claims_of(each, facet, f"{place}.{key}")]
    return [_claim(value, facet, place)] if value not in (None, "") else []


def _is_claim(value: Mapping[object, object]) -> bool:
    keys = {bare(key) for key, inner in value.items() if isinstance(inner, str)}
    return "quote" in keys or any(CLAIM.get(key) == "text" for key in keys)


def _claim(value: object, facet: str, place: str) -> Claim:
    fields = Fields(
        {"text": value} if isinstance(value, str) else value,
        CLAIM,
        place,
        "a claim must be a sentence, or an object with “text”",
    )
    said, support = fields.take("text", text), fields.take("support", valid(Support))
    origin: _Origin = fields.take("origin", _origin) or ("extracted" if facet == "quotes" else "model")
    evidence = _taken(fields, "evidence", place)
    against = _taken(fields, "against", place)
    left = fields.left()
    # What stands under `quotes` is put forward as somebody's words: it is its own evidence.
    quote = next(
        (each for key, each in left.items() if bare(key) == "quote"), said if facet == "quotes" else None
    )
    if isinstance(quote, str) and not evidence:
        beside = {key: each for key, each in left.items() if bare(key) != "quote"}
        single, left = _read(Fields({**beside, "quote": quote}, EVIDENCE, place, ""), place)
        evidence, said = (single,), said or quote
    if said is None:
        raise LoadError(
            f"this claim has no “text”, only {', '.join(f'“{key}”' for key in left) or 'nothing'}",
            place=place,
        )
    return Claim(text=said, origin=origin, support=support, evidence=evidence, against=against, extra=left)


def _origin(value: object) -> _Origin | None:
    return value if value in ("extracted", "model", "researcher") else None


def _taken(fields: Fields, name: str, place: str) -> tuple[Evidence, ...]:
    return tuple(each for key in fields.keys(name) for each in evidence_of(fields.pop(key), f"{place}.{key}"))


def evidence_of(value: object, place: str) -> list[Evidence]:
    """Read evidence, in a list or alone."""
    if isinstance(value, list):
        return [_evidence(each, f"{place}[{i}]") for i, each in enumerate(value) if each is not None]
    return [_evidence(value, place)]


def _evidence(value: object, place: str) -> Evidence:
    given = {"quote": value} if isinstance(value, str) else value
    fields = Fields(given, EVIDENCE, place, "evidence must be a quote, or an object with “quote”")
    evidence, left = _read(fields, place)
    return evidence.model_copy(update={"extra": {**left, **evidence.extra}})


def _read(fields: Fields, place: str) -> tuple[Evidence, dict[str, Any]]:
    """The evidence, and what is left of its object; a file that it names is kept as a hint."""
    quote, segment = fields.take("quote", text), fields.take("segment", text)
    segment = segment or fields.take("file", _segment_id)
    hint = {"file": fields.take("file", text), "line": fields.take("line", _line)}
    if quote is None and not (segment or hint["file"]):
        raise LoadError("this evidence has no “quote”", place=place)
    evidence = Evidence(
        quote=quote or "",
        segment=segment,
        tier=fields.take("tier", _tier),
        arrived_as=fields.take("arrived_as", _tier),
        similarity=fields.take(
            "similarity", lambda value: value if isinstance(value, (int, float)) else None
        ),
        participant=fields.take("participant", code),
        locator=fields.take("locator", valid(Locator)),
        extra={key: value for key, value in hint.items() if value is not None},
    )
    return evidence, fields.left()


def _segment_id(value: object) -> str | None:
    return value if isinstance(value, str) and _SEGMENT_ID.fullmatch(value) else None


def _tier(value: object) -> Tier | None:
    return Tier(value) if isinstance(value, str) and value in Tier.__members__ else None


def _line(value: object) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
