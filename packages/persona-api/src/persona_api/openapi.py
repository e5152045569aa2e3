"""The OpenAPI 3.1 document, from the same table as the routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from persona_api.operations.operation import PREFIX, Operation
from persona_api.problems import MEDIA_TYPE
from persona_core.models.job import Problem
from persona_core.models.webhook import WHEN, WebhookEvent, WebhookEventType, event_types

_REFS = "#/components/schemas/{model}"
_NOUNS = {"generate": "job", "webhooks": "webhook", "deliveries": "delivery"}
_SIGNED = (
    ("webhook-id", "The same over all attempts at this delivery."),
    ("webhook-timestamp", "Of this attempt, in seconds since 1970."),
    ("webhook-signature", "`v1,` and the HMAC-SHA256 of id, timestamp and body, in base64."),
    ("X-Persona-Event", "The type of the event."),
    ("X-Persona-Signature", "`sha256=` and the HMAC-SHA256 of the body, in hexadecimal."),
)


def document(operations: Sequence[Operation], server: str = "/") -> dict[str, Any]:
    """Describe every operation; `server` is where paths begin."""
    wanted = sorted(_models(operations), key=lambda each: (each[0].__name__, each[1]))
    names, schemas = models_json_schema(wanted, ref_template=_REFS)
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(PREFIX + each.path, {})[each.method.lower()] = _described(each, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Persona",
            "version": version("persona-api"),
            "summary": "From interviews and surveys to personas whose every claim points at the words it rests on.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"key": []}, {"bearer": []}, {}],
        "paths": paths,
        "webhooks": {kind: _told(kind, names[WebhookEvent, "serialization"]) for kind in event_types()},
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _told(kind: WebhookEventType, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "post": {
            "operationId": f"on_{kind.replace('.', '_')}",
            "summary": f"What a webhook receives for {kind}; signed after Standard Webhooks.",
            "description": WHEN[kind],
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "schema": {"type": "string"},
                    "description": text,
                }
                for name, text in _SIGNED
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {
                "2XX": {"description": "It arrived."},
                "410": {"description": "Nobody is there any more: the webhook is disabled."},
                "default": {"description": "It is sent again later."},
            },
        }
    }


Names = Mapping[Any, Mapping[str, Any]]
"""References by model and mode."""


def _models(operations: Iterable[Operation]) -> set[tuple[type[BaseModel], JsonSchemaMode]]:
    found: set[tuple[type[BaseModel], JsonSchemaMode]] = {
        (Problem, "serialization"),
        (WebhookEvent, "serialization"),
    }
    for each in operations:
        found |= {(model, "validation") for model in (each.body,) if model is not None}
        found |= {(model, "serialization") for model in (each.response, each.refusal) if model is not None}
    return found


def _described(operation: Operation, names: Names) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path(operation), *_query(operation), *_headers(operation)],
        "responses": _responses(operation, names),
    }
    if operation.body is not None:
        said["requestBody"] = {
            "required": True,
            "content": _body(operation, names[operation.body, "validation"]),
        }
    if operation.open:
        said["security"] = []
    return said


def _path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": f"Id of the {_NOUNS[of]}.",
            "schema": {"type": "string"},
        }
        for of, name in re.findall(r"(\w+)/{(\w+)}", operation.path)
    ]


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": _plain(given),
            "description": given.get("description", ""),
        }
        for name, given in schema["properties"].items()
    ]


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out: its type without the null that no address can say."""
    kept = {name: value for name, value in schema.items() if name not in {"title", "description"}}
    options = [each for each in kept.pop("anyOf", ()) if each.get("type") != "null"]
    if kept.get("default", 0) is None:
        del kept["default"]
    return {**kept, **options[0]} if options else kept


def _headers(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in operation.headers.items()
    ]


def _body(operation: Operation, schema: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if operation.form:
        parts = {
            "file": {
                "type": "array",
                "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                "description": "The sources, each under its file's name.",
            },
            "request": {
                "type": "string",
                "contentMediaType": "application/json",
                "description": "What a JSON body would say, without `sources`.",
            },
        }
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "properties": parts,
                "required": ["file"],
                "additionalProperties": False,
            }
        }
    return content


def _responses(operation: Operation, names: Names) -> dict[str, Any]:
    problem = {"content": {MEDIA_TYPE: {"schema": names[Problem, "serialization"]}}}
    done: dict[str, Any] = {"description": operation.summary}
    if operation.response is not None:
        done["content"] = {operation.media_type: {"schema": names[operation.response, "serialization"]}}
    elif operation.media_type == "text/event-stream":
        done["content"] = {operation.media_type: {"schema": {"type": "string"}}}
    responses: dict[str, Any] = {str(operation.status): done}
    if operation.media_type == "text/event-stream":
        responses["204"] = {"description": "Nothing is left to tell."}
    if "If-None-Match" in operation.headers:
        responses["304"] = {"description": "The job is as it was."}
    if operation.refusal is not None:
        refusal = names[operation.refusal, "serialization"]
        responses["422"] = {"description": "Refused.", "content": {MEDIA_TYPE: {"schema": refusal}}}
    responses["default"] = {"description": "What went wrong, and what to do.", **problem}
    return responses
