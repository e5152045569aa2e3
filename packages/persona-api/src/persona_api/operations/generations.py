"""Jobs over HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal

import anyio.to_thread
from pydantic import Field
from sqlalchemy import Connection, Row
from starlette.responses import Response, StreamingResponse

from persona_api.clock import instant
from persona_api.jobs.keeping import Asked
from persona_api.operations.operation import Call, json_response
from persona_api.operations.paging import PageQuery, cursor_of, number_of
from persona_api.operations.webhooks import created
from persona_api.problems import ProblemError, wrong
from persona_api.store.schema import compact
from persona_api.store.webhooks import add as add_webhook
from persona_api.uploads import Given, data_of, distinct, sources_of
from persona_core.models.job import FINISHED, GenerateRequest
from persona_core.models.noun import Noun
from persona_core.models.webhook import WebhookInput

_POLL = "2"
"""Seconds after which it is worth asking again for a job that runs."""
_KEY_LENGTH = 255


class JobQuery(PageQuery):
    """Which jobs."""

    status: Literal["pending", "running", "completed", "failed", "cancelled"] | None = None
    """Only jobs that are so."""


class FollowQuery(Noun):
    """Which events."""

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Only events with a higher `sequence`; `Last-Event-ID` counts before it."""


async def create(call: Call) -> Response:
    """Keep a job, and say so once it is on disk."""
    request: GenerateRequest = call.body
    settings = call.server.settings
    if not settings.allows(request.model):
        raise wrong("/model", _not_allowed(request.model, settings.allow_model))
    too_many = wrong("/sources", f"a job has at most {settings.max_sources:,} sources (--max-sources)")
    if len(request.sources) > settings.max_sources:
        raise too_many
    given = await _given(call, request)
    if len(given) > settings.max_sources:
        raise too_many
    beside = await _webhook(call, request)
    submitted = await call.server.jobs.submit(request, given, _asked(call, request, given), beside)
    headers = {"Location": call.link(f"/generate/{submitted.job.id}"), "Retry-After": _POLL}
    if submitted.replayed:
        headers["Idempotency-Replayed"] = "true"
    shown = None if beside is None or submitted.replayed else await beside.shown(call)
    return json_response(_job(call, submitted.job, shown), 202, headers)


class _Beside:
    """The webhook of one job, kept with it."""

    def __init__(self, call: Call, request: GenerateRequest) -> None:
        self._webhooks, self._owner = call.server.webhooks, call.caller.id
        self._asked = WebhookInput(url=request.webhook_url or "", secret=request.webhook_secret)
        self._id, self._secret = "", ""

    def __call__(self, connection: Connection, job: str) -> None:
        values, self._secret = self._webhooks.values(self._asked, self._owner, job)
        self._id = values["id"]
        add_webhook(connection, values)

    async def shown(self, call: Call) -> str:
        """It with its secret, this once."""
        row = await self._webhooks.get(self._id, self._owner)
        return created(call, row, self._secret).model_dump_json()


async def _webhook(call: Call, request: GenerateRequest) -> _Beside | None:
    if request.webhook_url is None:
        return None
    await call.server.webhooks.check(request.webhook_url, "/webhook_url")
    return _Beside(call, request)


def _not_allowed(model: str, allowed: Sequence[str]) -> str:
    others = f" or one of {', '.join(allowed)}" if allowed else ""
    return f"“{model}” is not a model of this server's: name extractive{others} (--allow-model)"


async def _given(call: Call, request: GenerateRequest) -> Given:
    if call.files is not None:
        return call.files
    given = sources_of(request.sources)
    if request.data is not None:
        given += await anyio.to_thread.run_sync(data_of, request.data, call.server.settings)
        distinct(given)
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
    query: JobQuery = call.query
    rows = await call.server.jobs.page(call.caller.owner, number_of(query.cursor), query.status, query.limit)
    shown = rows[: query.limit]
    body = {
        "data": [_said(call, row) for row in shown],
        "next_cursor": cursor_of(shown[-1].number) if len(rows) > query.limit else None,
    }
    return json_response(compact(body))


async def get(call: Call) -> Response:
    """A job with its result."""
    row = await call.server.jobs.get(call.path("id"), call.caller.owner)
    tag = _tag(row)
    headers = {"ETag": tag} if row.status in FINISHED else {"ETag": tag, "Retry-After": _POLL}
    wanted = call.request.headers.get("if-none-match")
    if wanted and tag in {each.strip().removeprefix("W/") for each in wanted.split(",")}:
        return Response(status_code=304, headers=headers)
    await call.server.jobs.note_read(row, call.caller.id)
    return json_response(_job(call, row), headers=headers)


def _tag(row: Row[Any]) -> str:
    return f'"{row.sequence}-{row.status}"'


async def cancel(call: Call) -> Response:
    """End a job."""
    row = await call.server.jobs.cancel(call.path("id"), call.caller.owner, call.caller.id)
    return json_response(_job(call, row), 202)


class WithdrawRequest(Noun):
    """Who withdrew."""

    participant: Annotated[str, Field(min_length=1, max_length=1000)]
    """The code that the personas know them by."""


async def withdraw(call: Call) -> Response:
    """Take a participant out of a finished job."""
    body: WithdrawRequest = call.body
    caller = call.caller
    row = await call.server.jobs.withdraw(
        call.path("id"), caller.owner, caller.id, body.participant, call.work
    )
    return json_response(_job(call, row), headers={"ETag": _tag(row)})


async def delete(call: Call) -> Response:
    """Delete a finished job."""
    await call.server.jobs.delete(call.path("id"), call.caller.owner, call.caller.id)
    return Response(status_code=204)


async def events(call: Call) -> Response:
    """A job's events as they come; 204 where nothing is left to tell."""
    job, owner = call.path("id"), call.caller.owner
    row = await call.server.jobs.get(job, owner, whole=False)
    after = _last(call)
    if call.request.method == "HEAD":  # nobody would read the stream
        return Response(media_type="text/event-stream")
    if row.status in FINISHED and row.sequence <= after:
        return Response(status_code=204)
    await call.server.jobs.note_read(row, call.caller.id)
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
    data = f'{compact(head)[:-1]},"data":{row.data}}}'
    return f"id: {row.sequence}\nevent: {row.type}\ndata: {data}\n\n"


def _job(call: Call, row: Row[Any], webhook: str | None = None) -> str:
    """A job as JSON; its result is JSON already, and so is the webhook that came with it."""
    more = "" if webhook is None else f',"webhook":{webhook}'
    return f'{compact(_said(call, row))[:-1]},"result":{getattr(row, "result", None) or "null"}{more}}}'


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
