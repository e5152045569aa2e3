"""The operations of the server, from the table that makes its routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.reference.files import IN_FILES, described, linked, nouns, span
from docs.reference.writing import table
from pydantic import BaseModel

from persona_api.openapi import document
from persona_api.operations import OPERATIONS, Operation
from persona_api.operations.operation import PREFIX
from persona_core.models.job import Problem
from persona_core.models.webhook import WebhookEvent


def operations() -> str:
    """Each operation: parameters, body, answers."""
    paths = document(OPERATIONS)["paths"]
    return "\n\n".join(
        _described(each, paths[PREFIX + each.path][each.method.lower()]) for each in OPERATIONS
    )


def _described(operation: Operation, said: dict[str, Any]) -> str:
    parts = [
        f"### {operation.method} {PREFIX}{operation.path}",
        f"{operation.summary} {_who(operation)}".strip(),
    ]
    if said["parameters"]:
        parts.append(table(("Parameter", "In", "Type", "What it is"), map(_parameter, said["parameters"])))
    if operation.body is not None:
        form = f", or a form (`multipart/form-data`) with `file` parts and a `request` part, {linked(operation.body)} without its `sources`"
        parts.append(f"Body: {linked(operation.body)} as JSON{form if operation.form else ''}.")
    parts.append("\n".join(_answers(operation, said["responses"])))
    return "\n\n".join(parts)


def _who(operation: Operation) -> str:
    if operation.open:
        return "Asked without a key."
    return "Asked with an admin's key." if operation.admin else ""


def _parameter(given: dict[str, Any]) -> tuple[str, str, str, str]:
    schema = given["schema"]
    said = given.get("description", "")
    if "enum" in schema:
        said = " ".join(filter(None, [said, f"One of {', '.join(f'`{each}`' for each in schema['enum'])}."]))
    if "default" in schema:
        said = " ".join(filter(None, [said, span(schema), f"Default: {schema['default']}."]))
    return f"`{given['name']}`", given["in"], schema.get("type", ""), said


def _answers(operation: Operation, responses: dict[str, Any]) -> Iterator[str]:
    for status in responses:
        if status == str(operation.status):
            yield f"- `{status}`: {_holds(operation)}"
        elif status == "422":
            assert operation.refusal is not None
            yield f"- `422`: {linked(operation.refusal)}."
        elif status != "default":
            yield f"- `{status}`: {responses[status]['description']}"
    yield f"- anything else: {linked(Problem)}."


def _holds(operation: Operation) -> str:
    if operation.response is not None:
        return f"{linked(operation.response)}."
    return "events, as they come." if operation.media_type == "text/event-stream" else "nothing."


def objects() -> str:
    """What requests and answers hold, but for what stands in files, too."""
    first: list[type[BaseModel]] = [Problem, WebhookEvent]
    for each in OPERATIONS:
        first += [noun for noun in (each.body, each.response, each.refusal) if noun is not None]
    return "\n\n".join(described(each) for each in nouns(first) if each not in IN_FILES)
