"""Whether the server is there, and who did what."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from persona_api.clock import instant
from persona_api.operations.operation import Call, json_response
from persona_api.problems import ProblemError
from persona_api.store import keys
from persona_core.models.noun import Noun

_VERSION = version("persona-api")
_HEALTH = json.dumps({"status": "ok", "version": _VERSION})


class Health(Noun):
    """That the server answers."""

    status: Literal["ok"]
    version: str
    """Of `persona-api`."""


class Ready(Noun):
    """That the server takes work."""

    status: Literal["ready"]


class LogQuery(Noun):
    """Which lines."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Lines, at most."""
    cursor: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    """The `next_cursor` of the page before."""


class LogLine(Noun):
    """Who did what to which job when; no text of anybody's."""

    at: str
    """In UTC."""
    key: str
    """Id of the key (`key_…`), `token` for `--auth-token`, `local` where the server has no keys."""
    action: str
    """`generate`, `read`, `cancel`, `withdraw`, `delete`, or `webhook.create`, `webhook.change`, `webhook.rotate`, `webhook.delete`."""
    job_id: str | None = None
    """Which job; nothing for what was done to a webhook."""


class LogPage(Noun):
    """Some lines, newest first."""

    data: tuple[LogLine, ...]
    next_cursor: int | None = None
    """Give it as `cursor` for older lines; nothing after the last."""


async def health(_call: Call) -> Response:
    """That the server answers."""
    return json_response(_HEALTH)


async def ready(call: Call) -> Response:
    """That the server takes work."""
    try:
        await call.server.database.read(keys.any_key)
    except (SQLAlchemyError, RuntimeError):
        raise ProblemError(503, "the database cannot be read") from None
    if call.server.changes.stopped:
        raise ProblemError(503, "the server is about to stop")
    return json_response('{"status":"ready"}')


async def audit_log(call: Call) -> Response:
    """Who did what to which job when."""
    query: LogQuery = call.query
    rows = await call.server.database.look(
        lambda connection: keys.logged(connection, query.cursor, query.limit + 1)
    )
    shown = rows[: query.limit]
    page = LogPage(
        data=tuple(
            LogLine(at=instant(row.at) or "", key=row.key, action=row.action, job_id=row.job) for row in shown
        ),
        next_cursor=shown[-1].number if len(rows) > query.limit else None,
    )
    return json_response(page.model_dump_json())
