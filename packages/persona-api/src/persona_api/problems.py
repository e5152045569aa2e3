"""Every error as a problem (RFC 9457), and nothing of the server's inside in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response
from starlette.types import Scope

from persona_core.errors import LeakError, PersonaError, ProviderError
from persona_core.models.job import FieldProblem, Problem

MEDIA_TYPE = "application/problem+json"
_SHOWN = 50
"""Wrong fields that are named, at most."""


class ProblemError(Exception):
    """Something that whoever asked can do something about."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, tuple(errors)
        self.headers, self.extra = dict(headers or {}), dict(extra or {})


def wrong(at: str, detail: str) -> ProblemError:
    """What is wrong with one part of a request; `at` points to it."""
    return ProblemError(422, f"{at}: {detail}", errors=[FieldProblem(pointer=at, detail=detail)])


def respond(error: ProblemError, scope: Scope) -> Response:
    """The answer for an error."""
    problem = Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        instance=scope.get("path"),
        errors=error.errors,
        request_id=scope.get("request_id"),
    )
    body = problem.model_dump(mode="json", exclude_none=True) | error.extra
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        status_code=error.status,
        headers=error.headers,
        media_type=MEDIA_TYPE,
    )


def of_validation(error: ValidationError, prefix: str = "") -> ProblemError:
    """What is wrong with a body, field by field, without its values; 400 where it is no JSON at all."""
    given = error.errors(include_url=False, include_context=False, include_input=False)
    if given[0]["type"] == "json_invalid":
        return ProblemError(400, f"the body is no JSON: {given[0]['msg'].removeprefix('Invalid JSON: ')}")
    errors = [FieldProblem(pointer=prefix + pointer(each["loc"]), detail=_said(each)) for each in given]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    first = errors[0]
    where = f"{first.pointer}: " if first.pointer else ""
    return ProblemError(422, f"{where}{first.detail}{more}", errors=errors[:_SHOWN])


def _said(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"there is no field “{error['loc'][-1]}”"
    return str(error["msg"]).removeprefix("Value error, ")


def pointer(parts: Sequence[str | int]) -> str:
    """An RFC 6901 pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def of_error(error: PersonaError) -> ProblemError:
    """What the product refuses: what was given cannot be used, or a model does not answer."""
    if isinstance(error, LeakError):
        return ProblemError(422, str(error), extra={"audit": error.report.model_dump(mode="json")})
    if isinstance(error, ProviderError):
        wait = {} if error.retry_after is None else {"Retry-After": f"{max(1, round(error.retry_after))}"}
        return ProblemError(502, str(error), headers=wait)
    return ProblemError(422, str(error))
