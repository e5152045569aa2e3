"""A row of the table of operations, and what its handler is called with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from persona_api.auth import Caller, Guard
from persona_api.engines.engine import Engine
from persona_api.jobs import Jobs, Portal
from persona_api.jobs.changes import Changes
from persona_api.limits import Rate
from persona_api.metrics import Metrics
from persona_api.settings import Settings
from persona_api.store import Database
from persona_api.uploads import Given
from persona_api.webhooks import Webhooks
from persona_api.working import Working

PREFIX = "/api/v1"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server:
    """What handlers work with."""

    settings: Settings
    database: Database
    engine: Engine
    jobs: Jobs
    webhooks: Webhooks
    changes: Changes
    guard: Guard
    rate: Rate
    metrics: Metrics
    portal: Portal
    now: Callable[[], float]
    working: Working


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked."""

    server: Server
    request: Request
    caller: Caller
    body: Any = None
    """Of the operation's model."""
    files: Given | None = None
    """What came as files, in place of the body's sources."""
    query: Any = None
    """Of the operation's query model."""

    async def work(self, function: Callable[[], T]) -> T:
        """Run what takes its time on a thread, for as long as the caller waits."""
        return await self.server.working.run(self.caller.id, self.request, function)

    def path(self, name: str) -> str:
        """A part of the path; no id holds what no database takes."""
        return str(self.request.path_params[name]).replace("\0", "\ufffd")

    def link(self, path: str) -> str:
        """The whole address of a path of the API."""
        base = self.server.settings.public_url.rstrip("/")
        if not base:
            scope = self.request.scope
            base = f"{scope['scheme']}://{self.request.headers.get('host', '')}{scope.get('root_path', '')}"
        return f"{base}{PREFIX}{path}"


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the table."""

    name: str
    """Its name in clients made from the document."""
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    """Below `/api/v1`."""
    summary: str
    handler: Callable[[Call], Awaitable[Response]]
    response: type[BaseModel] | None = None
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    form: bool = False
    """Whether the body may be a form with files, too."""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    """Request headers that it heeds, with what they do."""
    refusal: type[BaseModel] | None = None
    """What a 422 holds, where it is more than a problem."""
    open: bool = False
    """Whether it may be asked without a key, whatever keys there are."""
    admin: bool = False


def json_response(
    content: bytes | str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON that is written already."""
    return Response(content, status_code=status, headers=dict(headers or {}), media_type="application/json")
