"""Around every request: its id, headers that browsers heed, a line in the log and a figure."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from persona_api import faults, pages
from persona_api.operations import Server
from persona_api.problems import ProblemError, respond

_log = logging.getLogger("persona_api.requests")
_ID_LENGTH = 64
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in pages.HEADERS.items()]
_PROBES = ("health", "ready")
"""Asked every few seconds by whoever watches the server; a line for each would hide the others."""


def said(scope: Scope) -> dict[str, Any]:
    """What a line of the log says of a request: nothing that anybody wrote."""
    return {name: scope.get(name) for name in ("request_id", "operation", "caller")}


class Surrounding:
    """Around everything: a request's id, headers that browsers heed, a line in the log and a figure."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0
        scope["request_id"] = _request_id(scope)

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = message["headers"]
                known = {name for name, _ in given}
                given.append((b"x-request-id", scope["request_id"].encode()))
                given.extend(each for each in _HEADERS if each[0] not in known)
            await send(message)

        try:
            await self._app(scope, receive, answered)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered and noted without its words
            faults.note(_log, "a fault of the server's", error, said(scope))
            if not status:
                fault = ProblemError(500, "this is a fault of the server's; its log says more")
                await respond(fault, scope)(scope, receive, answered)
        finally:
            self._note(scope, status or 500, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        server: Server | None = getattr(scope["app"].state, "server", None) if "app" in scope else None
        if server is not None:
            server.metrics.answered(scope.get("operation", "other"), status, seconds)
        if scope.get("operation") not in _PROBES and _log.isEnabledFor(logging.INFO):
            extra = {**said(scope), "status": status, "milliseconds": round(seconds * 1000, 1)}
            _log.info("answered", extra={**extra, "method": scope["method"]})


def _request_id(scope: Scope) -> str:
    """The caller's own, where it is short and plain, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and 0 < len(value) <= _ID_LENGTH:
            text: str = value.decode("latin-1")
            if text.replace("-", "").replace("_", "").replace(".", "").isalnum() and text.isascii():
                return text
    return secrets.token_hex(8)
