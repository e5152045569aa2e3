"""Asking a server over HTTP, and again where that may help."""

from __future__ import annotations

import random
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, TypeVar

import anyio
import httpx
from pydantic import BaseModel, ValidationError

from persona_core.models.job import Problem, ScriptProblem
from persona_sdk.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from persona_sdk.settings import Settings, without_password

M = TypeVar("M", bound=BaseModel)

_AGAIN = frozenset({408, 429, 502, 503, 504})
"""Statuses after which the same request may succeed."""
_NOT_BEGUN = frozenset({429, 503})
"""Those of them after which it was surely not done."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class Http:
    """The connections to a server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        headers = {"User-Agent": f"persona-sdk/{version('persona-sdk')}"}
        if settings.api_key:
            headers["X-API-Key"] = settings.api_key
        self._http = httpx.AsyncClient(
            base_url=f"{settings.base_url}/api/v1/", headers=headers, timeout=settings.timeout
        )
        self._greeted = False

    async def read(self, kind: type[M], method: str, path: str, **more: Any) -> M:
        """Ask for what should be of a kind, and maybe more. Raises APIError, too, where it is something else."""
        answer = await self.request(method, path, **more)
        try:
            return kind.model_validate_json(answer.content, extra="ignore")  # a newer server may say more
        except ValidationError as error:
            raise APIError(
                f"{asked_at(answer)} did not answer as a Persona server of this version does: is it one?"
            ) from error

    @asynccontextmanager
    async def streamed(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask once for what comes piece by piece; the server says something every 15 seconds."""
        timeout = httpx.Timeout(self._settings.timeout, read=45.0)
        async with self._http.stream("GET", path, headers=headers, timeout=timeout) as answer:
            if answer.status_code in _AGAIN:
                raise APIConnectionError(f"{asked_at(answer)} answered {answer.status_code}")
            if answer.is_error:
                await answer.aread()
                raise _refused(answer)
            yield answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and ask again where that may help. Raises APIStatusError for a refusal, APIConnectionError where there is no answer."""
        await self._greet()
        tries = self._settings.retries + 1
        for left in range(tries - 1, -1, -1):
            try:
                answer = await self._http.request(method, path, **more)
            except httpx.RequestError as error:
                if not left or (method == "POST" and not _repeatable(path, more)):
                    raise _unreachable(error, self._settings) from error
                await anyio.sleep(_pause(tries - left, None))
                continue
            if not answer.is_error:
                return answer
            again = _AGAIN if method != "POST" or _repeatable(path, more) else _NOT_BEGUN
            if answer.status_code not in again or not left:
                raise _refused(answer)
            await anyio.sleep(_pause(tries - left, answer.headers.get("retry-after")))
        raise AssertionError("a request ends with an answer or an error")

    async def _greet(self) -> None:
        """Ask once which version the server is of, and say where it is another."""
        if self._greeted:
            return
        self._greeted = True
        try:
            answer = await self._http.get("health")
            theirs = str(answer.json()["version"])
        except (httpx.RequestError, ValueError, KeyError, TypeError):
            return
        ours = version("persona-sdk")
        if theirs.split(".")[:2] != ours.split(".")[:2]:
            warnings.warn(
                f"the server is of version {theirs}, this client of {ours}: bring them to the same",
                stacklevel=2,
            )


def asked_at(answer: httpx.Response) -> str:
    """The address of what was asked, as it may be shown."""
    return without_password(str(answer.url))


def _repeatable(path: str, more: Mapping[str, Any]) -> bool:
    """Whether asking twice does no harm: it carries a key, or changes nothing."""
    return "Idempotency-Key" in more.get("headers", {}) or (
        path in {"score", "verify", "scripts", "audit"} or path.endswith("/cancel")
    )


def _pause(attempt: int, retry_after: str | None) -> float:
    if retry_after and retry_after.isdecimal():
        return min(_LONGEST_PAUSE, float(retry_after))
    spread = random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 1) * spread)


def _unreachable(error: httpx.RequestError, settings: Settings) -> APIConnectionError:
    if isinstance(error, httpx.TimeoutException):
        return APITimeoutError(f"{settings.shown_url} did not answer within {settings.timeout:g} seconds")
    return APIConnectionError(
        f"{settings.shown_url} cannot be reached ({type(error).__name__}): is it the right address, and does the server run?"
    )


def _refused(answer: httpx.Response) -> APIStatusError:
    try:
        given = answer.json()
        problem = (ScriptProblem if "audit" in given else Problem).model_validate(given, extra="ignore")
    except (ValueError, TypeError):
        detail = (
            f"{asked_at(answer)} answered {answer.status_code}, and not as a Persona server does: is it one?"
        )
        problem = Problem(title=answer.reason_phrase or "error", status=answer.status_code, detail=detail)
    return APIStatusError(problem, answer.headers.get("x-request-id"))
