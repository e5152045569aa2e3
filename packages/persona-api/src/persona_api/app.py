"""The ASGI application: routes from the table, and around each the same few steps."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from persona_api import faults, pages
from persona_api.auth import LOCAL
from persona_api.lifecycle import check_reach, running
from persona_api.limits import Allowed, at_most
from persona_api.metrics import MEDIA_TYPE
from persona_api.openapi import document
from persona_api.operations import OPERATIONS, Call, Operation, Server
from persona_api.operations.operation import PREFIX
from persona_api.problems import ProblemError, of_error, of_validation, respond
from persona_api.settings import Settings, resolve
from persona_api.store import UNUSABLE, Database
from persona_api.surrounding import Surrounding, said
from persona_api.uploads import form_of, json_of
from persona_core.errors import PersonaError

_log = logging.getLogger("persona_api.requests")


def create_app(settings: Settings | None = None, database: Database | None = None) -> Starlette:
    """Make the application, for any ASGI server; settings come from the environment where none are given.

    It opens its database when it starts, and closes it when it ends; one that is given is the caller's to close.
    """
    told = settings or resolve()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(told, database) as server:
            check_reach(told, server.database)
            app.state.server = server
            yield

    routes = [Route(PREFIX + each.path, _endpoint(each), methods=[each.method]) for each in OPERATIONS]
    routes += [
        Route("/metrics", _metrics),
        Route("/openapi.json", _openapi),
        *pages.ROUTES,
    ]
    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={HTTPException: _http_problem},
    )
    app.router.redirect_slashes = False
    app.add_middleware(Surrounding)
    return app


def _endpoint(operation: Operation) -> Callable[[Request], Any]:
    """The steps around a handler: who asks, how often, what; and every error as a problem."""

    async def endpoint(request: Request) -> Response:
        server: Server = request.app.state.server
        request.scope["operation"] = operation.name
        try:
            return await _answered(operation, server, request)
        except ProblemError as error:
            return respond(error, request.scope)
        except PersonaError as error:
            return respond(of_error(error), request.scope)
        except ClientDisconnect:
            return Response(status_code=499)
        except UNUSABLE as error:
            faults.unusable(_log, error, said(request.scope))
            why = "" if server.database.shared else " (a full disk?)"
            detail = f"the database cannot be used now{why}: nothing was kept; try again later"
            return respond(ProblemError(503, detail, headers={"Retry-After": "10"}), request.scope)

    return endpoint


async def _answered(operation: Operation, server: Server, request: Request) -> Response:
    if operation.open:
        return await operation.handler(Call(server, request, LOCAL, query=_query(operation, request)))
    caller = await server.guard.caller(request.headers)
    request.scope["caller"] = caller.id
    if operation.admin and not caller.admin:
        raise ProblemError(403, "only an admin's key may ask this")
    left = await server.rate.take(caller.id)
    try:
        query = _query(operation, request)
        body, files = await _body(operation, server, request)
        response = await operation.handler(Call(server, request, caller, body, files, query))
    except ProblemError as error:
        response = respond(error, request.scope)
    response.headers.update(left)
    return response


def _query(operation: Operation, request: Request) -> Any:
    given = dict(request.query_params.multi_items())
    try:
        if operation.query is not None:
            return operation.query.model_validate(given)
    except ValidationError as error:
        problem = of_validation(error, prefix="?")
        raise ProblemError(422, problem.detail.replace("?/", "?"), errors=problem.errors) from None
    if given:
        raise ProblemError(422, f"there is no parameter “{next(iter(given))[:60]}” here")
    return None


async def _body(operation: Operation, server: Server, request: Request) -> tuple[Any, Any]:
    if operation.body is None:
        return None, None
    told = server.settings
    allowed = Allowed(told.max_body, told.body_idle, told.body_total)
    limited = at_most(allowed, request.headers.get("content-length"), request.receive)
    request = Request(request.scope, limited)
    if operation.form and request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await form_of(request, operation.body, server.settings)
    return await json_of(request, operation.body), None


async def _metrics(request: Request) -> Response:
    server: Server = request.app.state.server
    try:
        await server.guard.caller(request.headers)
    except ProblemError as error:
        return respond(error, request.scope)
    return Response(server.metrics.shown(await server.jobs.counts()), media_type=MEDIA_TYPE)


async def _openapi(request: Request) -> Response:
    server: Server = request.app.state.server
    return Response(_document(server.settings.public_url or "/"), media_type="application/json")


@lru_cache(maxsize=4)
def _document(server: str) -> bytes:
    return json.dumps(document(OPERATIONS, server), ensure_ascii=False).encode()


async def _http_problem(request: Request, error: Exception) -> Response:
    """What the router says: there is no such path, or it is not asked that way."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = {404: "there is nothing here; /docs shows what there is", 405: "this path is not asked that way"}
    headers = (error.headers if isinstance(error, HTTPException) else None) or {}
    return respond(
        ProblemError(status, said.get(status, "this cannot be done"), headers=headers), request.scope
    )
