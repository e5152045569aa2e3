"""Jobs over HTTP."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal

import anyio.to_thread
from pydantic import Field
from sqlalchemy import Row
from starlette.responses import Response, StreamingResponse

from persona_api.jobs.keeping import Asked
from persona_api.operations.operation import Call, instant, json_response
from persona_api.problems import ProblemError
from persona_api.store.jobs import FINISHED
from persona_api.uploads import Given, data_of, sources_of
from persona_core.models.corpus import Noun
from persona_core.models.job import GenerateRequest

_POLL = "2"
"""Seconds after which it is worth asking again for a job that runs."""
_KEY_LENGTH = 255


class PageQuery(Noun):
    """Which jobs."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=100)] | None = None
    """The `next_cursor` of the page before."""
    status: Literal["pending", "running", "completed", "failed", "cancelled"] | None = None


class FollowQuery(Noun):
    """Which events."""

    after: Annotated[int, Field(ge=0, le=2**31)] = 0
    """Only events with a higher `sequence`; `Last-Event-ID` counts before it."""


async def create(call: Call) -> Response:
    """Keep a job, and say so once it is on disk."""
    request: GenerateRequest = call.body
    settings = call.server.settings
    if not settings.allows(request.model):
        raise ProblemError(422, f"/model: {_not_allowed(request.model, settings.allow_model)}")
    given = await _given(call, request)
    if len(given) > settings.max_sources:
        raise ProblemError(
            422, f"/sources: a job has at most {settings.max_sources:,} sources (--max-sources)"
        )
    submitted = await call.server.jobs.submit(request, given, _asked(call, request, given))
    headers = {"Location": call.link(f"/generate/{submitted.job.id}"), "Retry-After": _POLL}
    if submitted.replayed:
        headers["Idempotency-Replayed"] = "true"
    return json_response(_job(call, submitted.job), 202, headers)


def _not_allowed(model: str, allowed: Sequence[str]) -> str:
    others = f" or one of {', '.join(allowed)}" if allowed else ""
    return f"“{model}” is not a model of this server's: name extractive{others} (--allow-model)"


async def _given(call: Call, request: GenerateRequest) -> Given:
    if call.files is not None:
        return call.files
    given = sources_of(request.sources)
    if request.data is not None:
        given += await anyio.to_thread.run_sync(data_of, request.data, call.server.settings)
    names = [name for name, _ in given]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ProblemError(422, f"/sources: two sources are called “{twice}”: give each its own name")
    return given


def _asked(call: Call, request: GenerateRequest, given: Given) -> Asked:
    key = call.request.headers.get("idempotency-key")
    if key is None:
        return Asked(call.caller.id)
    if not 0 < len(key) <= _KEY_LENGTH or not key.isprintable():
        raise ProblemError(422, f"an Idempotency-Key has 1 to {_KEY_LENGTH} printable characters")
    digest = hashlib.sha256(request.model_dump_json(exclude={"sources"}).encode())
    for name, data in given:
        digest.update(json.dumps([name, hashlib.sha256(data).hexdigest()]).encode())
    return Asked(call.caller.id, key, digest.hexdigest())


async def page(call: Call) -> Response:
    """Some jobs, newest first."""
    query: PageQuery = call.query
    rows = await call.server.jobs.page(call.caller.owner, _number(query.cursor), query.status, query.limit)
    shown = rows[: query.limit]
    body = {
        "data": [_said(call, row) for row in shown],
        "next_cursor": _cursor(shown[-1].number) if len(rows) > query.limit else None,
    }
    return json_response(_dumped(body))


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"j{number}".encode()).decode().rstrip("=")


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        text = ""
    if text[:1] != "j" or not text[1:].isdecimal() or len(text) > 19:
        raise ProblemError(422, "?cursor: this is no next_cursor of a page")
    return int(text[1:])


async def get(call: Call) -> Response:
    """A job with its result."""
    row = call.server.jobs.get(call.path("id"), call.caller.owner)
    tag = f'"{row.sequence}-{row.status}"'
    headers = {"ETag": tag} if row.status in FINISHED else {"ETag": tag, "Retry-After": _POLL}
    wanted = call.request.headers.get("if-none-match")
    if wanted and tag in {each.strip().removeprefix("W/") for each in wanted.split(",")}:
        return Response(status_code=304, headers=headers)
    return json_response(_job(call, row), headers=headers)


async def cancel(call: Call) -> Response:
    """End a job."""
    row = await call.server.jobs.cancel(call.path("id"), call.caller.owner, call.caller.id)
    return json_response(_job(call, row), 202)


async def delete(call: Call) -> Response:
    """Delete a finished job."""
    await call.server.jobs.delete(call.path("id"), call.caller.owner, call.caller.id)
    return Response(status_code=204)


async def events(call: Call) -> Response:
    """A job's events as they come; 204 where nothing is left to tell."""
    job, owner = call.path("id"), call.caller.owner
    row = call.server.jobs.get(job, owner, whole=False)
    after = _last(call)
    if row.status in FINISHED and row.sequence <= after:
        return Response(status_code=204)
    return StreamingResponse(_stream(call, job, owner, after), media_type="text/event-stream")


def _last(call: Call) -> int:
    given = call.request.headers.get("last-event-id")
    if given is None:
        query: FollowQuery = call.query
        return query.after
    if not given.isdecimal() or len(given) > 9:
        raise ProblemError(422, "Last-Event-ID is the id of an event: a number")
    return int(given)


async def _stream(call: Call, job: str, owner: str | None, after: int) -> AsyncIterator[str]:
    call.server.metrics.stream(1)
    try:
        yield ": here\n\n"
        async for row in call.server.jobs.follow(job, owner, after):
            yield ": still here\n\n" if row is None else _event(row)
    finally:
        call.server.metrics.stream(-1)


def _event(row: Row[Any]) -> str:
    head = {"type": row.type, "sequence": row.sequence, "job_id": row.job, "timestamp": instant(row.at)}
    data = f'{_dumped(head)[:-1]},"data":{row.data}}}'
    return f"id: {row.sequence}\nevent: {row.type}\ndata: {data}\n\n"


def _job(call: Call, row: Row[Any]) -> str:
    """A job as JSON; its result is JSON already."""
    return f'{_dumped(_said(call, row))[:-1]},"result":{getattr(row, "result", None) or "null"}}}'


def _said(call: Call, row: Row[Any]) -> dict[str, Any]:
    here = call.link(f"/generate/{row.id}")
    links = {"self": here, "events": f"{here}/events", "cancel": f"{here}/cancel"}
    return {
        "id": row.id,
        "status": row.status,
        "progress": {"done": row.done, "total": row.total, "stage": row.stage},
        "created_at": instant(row.created_at),
        "started_at": instant(row.started_at),
        "completed_at": instant(row.completed_at),
        "error": None if row.error is None else json.loads(row.error),
        "links": links,
    }


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
