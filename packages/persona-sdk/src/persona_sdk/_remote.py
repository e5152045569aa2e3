"""The backend of a server, over HTTP."""

from __future__ import annotations

import base64
import json
import random
import secrets
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any, TypeVar
from urllib.parse import quote

import anyio
import httpx
from pydantic import BaseModel, ValidationError

from persona_core.errors import GenerationError, LeakError
from persona_core.models import EvidenceReport, PersonaSet, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.events import Event
from persona_core.models.job import FINISHED, Job, JobPage, Problem
from persona_core.models.script import Script
from persona_core.models.webhook import (
    Delivery,
    DeliveryPage,
    Webhook,
    WebhookCreated,
    WebhookPage,
)
from persona_core.pipeline import Release, ReleaseOptions
from persona_core.quality.configuration import Configuration
from persona_core.runs import to_json
from persona_sdk._asked import Asked
from persona_sdk._material import Material
from persona_sdk.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from persona_sdk.settings import Settings, without_password
from persona_sdk.sources import Upload

M = TypeVar("M", bound=BaseModel)

_AGAIN = frozenset({408, 429, 502, 503, 504})
"""Statuses after which the same request may succeed."""
_NOT_BEGUN = frozenset({429, 503})
"""Those of them after which it was surely not done."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_POLL = 1.0
_BROKEN = 5
"""Streams in a row that end without an event, before jobs are asked for instead."""


class Remote:
    """Asks a server; tries again where that may help, with one Idempotency-Key over all tries."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        headers = {"User-Agent": f"persona-sdk/{version('persona-sdk')}"}
        if settings.api_key:
            headers["X-API-Key"] = settings.api_key
        self._http = httpx.AsyncClient(
            base_url=f"{settings.base_url}/api/v1/", headers=headers, timeout=settings.timeout
        )
        self._greeted = False

    async def generate(self, asked: Asked) -> PersonaSet:
        """Create a job, follow it and give its personas; cancelled here, it is cancelled there.

        Raises GenerationError with the personas that were made, where it failed.
        """
        job = await self.create(asked)
        try:
            async for event in self.events(job.id):
                if asked.heard is not None:
                    asked.heard(event)
            job = await self.wait(job.id)
        except BaseException:
            with anyio.CancelScope(shield=True), anyio.move_on_after(5):
                await self._request("POST", f"generate/{_part(job.id)}/cancel")
            raise
        if job.status == "completed" and job.result is not None:
            return job.result
        detail = job.error.detail if job.error is not None else f"the job was {job.status}"
        raise GenerationError(detail, partial=job.result)

    async def create(self, asked: Asked) -> Job:
        """Create a job; files are sent as they are, piece by piece."""
        found, rows = await anyio.to_thread.run_sync(lambda: (asked.material.files(), asked.material.rows()))
        request = asked.request.model_dump(mode="json", exclude={"sources", "data"}, exclude_defaults=True)
        request["participants"] = [dict(row) for row in rows]
        files = [("file", (each.name, Upload(each))) for each in found]
        answer = await self._request(
            "POST",
            "generate",
            files=files,
            data={"request": json.dumps(request)},
            headers={"Idempotency-Key": secrets.token_hex(16)},
        )
        return _read(Job, answer)

    async def get(self, id: str) -> Job:
        """A job as it is now."""
        return _read(Job, await self._request("GET", f"generate/{_part(id)}"))

    async def page(self, limit: int, cursor: str | None, status: str | None) -> JobPage:
        """Some jobs."""
        return _read(
            JobPage, await self._request("GET", "generate", params=_given(limit, cursor, status=status))
        )

    async def wait(self, id: str, seconds: float | None = None) -> Job:
        """A job once it has ended. Raises APITimeoutError after `seconds`; the job goes on."""
        try:
            with anyio.fail_after(seconds):
                while (job := await self.get(id)).status not in FINISHED:  # noqa: ASYNC110 - it is elsewhere
                    await anyio.sleep(_POLL)
                return job
        except TimeoutError as error:
            raise APITimeoutError(f"{id} did not end within {seconds:g} seconds; it goes on") from error

    async def cancel(self, id: str) -> Job:
        """End a job."""
        return _read(Job, await self._request("POST", f"generate/{_part(id)}/cancel"))

    async def withdraw(self, id: str, participant: str) -> Job:
        """Take a participant out of a finished job."""
        body = {"participant": participant}
        return _read(Job, await self._request("POST", f"generate/{_part(id)}/withdraw", json=body))

    async def delete(self, id: str) -> None:
        """Delete a finished job."""
        await self._request("DELETE", f"generate/{_part(id)}")

    async def events(self, id: str, after: int = 0) -> AsyncIterator[Event]:
        """A job's events; a stream that breaks off is taken up, and where streams are cut off the job is asked for."""
        broken, ended, most = 0, False, self._settings.retries + _BROKEN
        while not (ended and broken > most):
            told = False
            try:
                async with self._streamed(id, after) as answer:
                    if answer.status_code == 204:
                        return
                    async for event in _events(answer):
                        after, told, broken = event.sequence, True, 0
                        yield event
            except (APIConnectionError, httpx.RequestError) as error:
                if broken >= most:
                    raise APIConnectionError(f"the events of {id} broke off: {error}") from error
            broken += not told
            if broken >= 2:
                before, ended = ended, await self._has_ended(id, wait=broken > _BROKEN)
                if ended and not before:  # what was said meanwhile is still to be heard
                    broken = min(broken, most)

    async def _has_ended(self, id: str, *, wait: bool) -> bool:
        """Ask for the job in place of its events; `wait` a moment, as where it has not ended."""
        ended = (await self.get(id)).status in FINISHED
        if wait or not ended:
            await anyio.sleep(_POLL)
        return ended

    @asynccontextmanager
    async def _streamed(self, id: str, after: int) -> AsyncIterator[httpx.Response]:
        headers = {"Last-Event-ID": str(after)}
        timeout = httpx.Timeout(
            self._settings.timeout, read=45.0
        )  # the server says something every 15 seconds
        async with self._http.stream(
            "GET", f"generate/{_part(id)}/events", headers=headers, timeout=timeout
        ) as answer:
            if answer.status_code in _AGAIN:
                raise APIConnectionError(f"{answer.url} answered {answer.status_code}")
            if answer.is_error:
                await answer.aread()
                raise _refused(answer)
            yield answer

    async def score(
        self,
        personas: PersonaSet,
        material: Material,
        *,
        evidence: EvidenceReport | None,
        config: Configuration,
        min_score: float | None,
        allow_unscored: tuple[str, ...],
    ) -> Scorecard:
        """Measure personas."""
        body = {
            "personas": _document(personas),
            **await _sent(material),
            "evidence": None if evidence is None else evidence.model_dump(mode="json"),
            "config": config.model_dump(mode="json", exclude={"strict"}),
            "strict": False,
            "min_score": min_score,
            "allow_unscored": allow_unscored,
        }
        return _read(Scorecard, await self._request("POST", "score", json=body))

    async def verify(self, personas: PersonaSet, material: Material, *, any_corpus: bool) -> EvidenceReport:
        """Look up every quote."""
        body = {"personas": _document(personas), **await _sent(material), "any_corpus": any_corpus}
        return _read(EvidenceReport, await self._request("POST", "verify", json=body))

    async def script(
        self, personas: PersonaSet, material: Material, options: ReleaseOptions, model: str
    ) -> Release:
        """Make the script of the one persona. Raises LeakError where it is refused."""
        body = {
            "persona": _document(personas),
            **await _sent(material),
            "format": options.format.value,
            "yaml": options.yaml,
            "template": options.template,
            "threshold": options.threshold,
            "k": options.k,
            "require_sources": options.require_sources,
            "model": model,
        }
        try:
            made = (await self._request("POST", "scripts", json=body)).json()
        except APIStatusError as error:
            audit = getattr(error, "audit", None)
            if audit is not None:
                raise LeakError(Audit.model_validate(audit)) from error
            raise
        try:
            content: str | bytes = made["content"]
            if made["encoding"] == "base64":
                content = base64.b64decode(made["content"])
            return Release(
                Script.model_validate(made["script"]), content, Audit.model_validate(made["audit"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise APIError("the server did not answer with a script of this version's") from error

    async def audit(self, text: str, material: Material, *, threshold: float, k: int) -> Audit:
        """Compare a text with the sources."""
        body = {"text": text, **await _sent(material), "threshold": threshold, "k": k}
        return _read(Audit, await self._request("POST", "audit", json=body))

    async def create_webhook(
        self, url: str, events: tuple[str, ...], secret: str | None, headers: Mapping[str, str]
    ) -> WebhookCreated:
        """Keep a webhook."""
        body = {"url": url, "events": events, "secret": secret, "headers": dict(headers)}
        return _read(WebhookCreated, await self._request("POST", "webhooks", json=body))

    async def webhook(self, id: str) -> Webhook:
        """A webhook."""
        return _read(Webhook, await self._request("GET", f"webhooks/{_part(id)}"))

    async def webhook_page(self, limit: int, cursor: str | None) -> WebhookPage:
        """Some webhooks."""
        answer = await self._request("GET", "webhooks", params=_given(limit, cursor))
        return _read(WebhookPage, answer)

    async def change_webhook(self, id: str, changes: Mapping[str, Any]) -> Webhook:
        """Change what is named."""
        answer = await self._request("PATCH", f"webhooks/{_part(id)}", json=dict(changes))
        return _read(Webhook, answer)

    async def delete_webhook(self, id: str) -> None:
        """Delete a webhook."""
        await self._request("DELETE", f"webhooks/{_part(id)}")

    async def ping_webhook(self, id: str) -> Delivery:
        """Send something at once."""
        return _read(Delivery, await self._request("POST", f"webhooks/{_part(id)}/ping"))

    async def rotate_webhook(self, id: str) -> WebhookCreated:
        """Make a new secret."""
        answer = await self._request("POST", f"webhooks/{_part(id)}/rotate-secret")
        return _read(WebhookCreated, answer)

    async def delivery_page(self, id: str, limit: int, cursor: str | None) -> DeliveryPage:
        """Some deliveries."""
        answer = await self._request("GET", f"webhooks/{_part(id)}/deliveries", params=_given(limit, cursor))
        return _read(DeliveryPage, answer)

    async def redeliver(self, id: str, delivery: str) -> Delivery:
        """Deliver again."""
        answer = await self._request("POST", f"webhooks/{_part(id)}/deliveries/{_part(delivery)}/redeliver")
        return _read(Delivery, answer)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
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


def _read(kind: type[M], answer: httpx.Response) -> M:
    """An answer as what it should be. Raises APIError where it is something else."""
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError as error:
        raise APIError(
            f"{without_password(str(answer.url))} did not answer as a Persona server of this version does: is it one?"
        ) from error


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
    request_id = answer.headers.get("x-request-id")
    audit = None
    try:
        given = answer.json()
        audit = given.pop("audit", None)
        problem = Problem.model_validate(given)
    except (ValueError, ValidationError, AttributeError, TypeError):
        detail = f"{answer.url} answered {answer.status_code}, and not as a Persona server does: is it one?"
        problem = Problem(title=answer.reason_phrase or "error", status=answer.status_code, detail=detail)
    error = APIStatusError(problem, request_id)
    error.audit = audit  # type: ignore[attr-defined]
    return error


async def _events(answer: httpx.Response) -> AsyncIterator[Event]:
    """Read server-sent events; one that was cut off in the middle is not given."""
    data: list[str] = []
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            try:
                given = json.loads("\n".join(data))
                event = Event(type=given["type"], sequence=given["sequence"], data=given["data"])
            except (ValueError, KeyError, TypeError) as error:
                raise APIError(
                    f"{answer.url} sent no event of this version's: is it a Persona server?"
                ) from error
            data.clear()
            yield event


def _document(personas: PersonaSet) -> Any:
    return json.loads(to_json(PersonaSet.model_construct(**dict(personas))))


async def _sent(material: Material) -> dict[str, Any]:
    return await anyio.to_thread.run_sync(material.body)


def _part(id: str) -> str:
    """An id as one part of a path, whatever it holds; a lone dot would leave it."""
    return quote(id, safe="").replace(".", "%2E")


def _given(limit: int, cursor: str | None, **more: str | None) -> dict[str, Any]:
    every = {"limit": limit, "cursor": cursor, **more}
    return {name: value for name, value in every.items() if value is not None}
