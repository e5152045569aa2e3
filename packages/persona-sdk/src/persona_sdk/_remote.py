"""The backend of a server, over HTTP."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

import anyio
import httpx

from persona_core.errors import GenerationError, LeakError
from persona_core.models import EvidenceReport, PersonaSet, Scorecard
from persona_core.models.audit import Audit
from persona_core.models.events import EVENTS, Event
from persona_core.models.job import FINISHED, Job, JobPage, ScriptProblem, ScriptResponse
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
from persona_sdk._http import Http, asked_at
from persona_sdk._material import Material
from persona_sdk.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from persona_sdk.settings import Settings
from persona_sdk.sources import Upload

_POLL = 1.0
_BROKEN = 5
"""Streams in a row that end without an event, before jobs are asked for instead."""


class Remote:
    """Asks a server for what is done there; a job is created with one Idempotency-Key over all tries."""

    def __init__(self, settings: Settings) -> None:
        self._server, self._retries = Http(settings), settings.retries

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
                await self._server.request("POST", f"generate/{_part(job.id)}/cancel")
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
        return await self._server.read(
            Job,
            "POST",
            "generate",
            files=files,
            data={"request": json.dumps(request)},
            headers={"Idempotency-Key": secrets.token_hex(16)},
        )

    async def get(self, id: str) -> Job:
        """A job as it is now."""
        return await self._server.read(Job, "GET", f"generate/{_part(id)}")

    async def page(self, limit: int, cursor: str | None, status: str | None) -> JobPage:
        """Some jobs."""
        return await self._server.read(
            JobPage, "GET", "generate", params=_given(limit, cursor, status=status)
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
        return await self._server.read(Job, "POST", f"generate/{_part(id)}/cancel")

    async def withdraw(self, id: str, participant: str) -> Job:
        """Take a participant out of a finished job."""
        body = {"participant": participant}
        return await self._server.read(Job, "POST", f"generate/{_part(id)}/withdraw", json=body)

    async def delete(self, id: str) -> None:
        """Delete a finished job."""
        await self._server.request("DELETE", f"generate/{_part(id)}")

    async def events(self, id: str, after: int = 0) -> AsyncIterator[Event]:
        """A job's events; a stream that breaks off is taken up, and where streams are cut off the job is asked for."""
        path = f"generate/{_part(id)}/events"
        broken, ended, most = 0, False, self._retries + _BROKEN
        while not (ended and broken > most):
            told = False
            try:
                async with self._server.streamed(path, {"Last-Event-ID": str(after)}) as answer:
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
            "config": config.model_dump(mode="json"),
            "min_score": min_score,
            "allow_unscored": allow_unscored,
        }
        return await self._server.read(Scorecard, "POST", "score", json=body)

    async def verify(self, personas: PersonaSet, material: Material, *, any_corpus: bool) -> EvidenceReport:
        """Look up every quote."""
        body = {"personas": _document(personas), **await _sent(material), "any_corpus": any_corpus}
        return await self._server.read(EvidenceReport, "POST", "verify", json=body)

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
            made = await self._server.read(ScriptResponse, "POST", "scripts", json=body)
        except APIStatusError as error:
            if isinstance(error.problem, ScriptProblem) and error.problem.audit is not None:
                raise LeakError(error.problem.audit) from error
            raise
        content = base64.b64decode(made.content) if made.encoding == "base64" else made.content
        return Release(made.script, content, made.audit)

    async def audit(self, text: str, material: Material, *, threshold: float, k: int) -> Audit:
        """Compare a text with the sources."""
        body = {"text": text, **await _sent(material), "threshold": threshold, "k": k}
        return await self._server.read(Audit, "POST", "audit", json=body)

    async def create_webhook(
        self, url: str, events: tuple[str, ...], secret: str | None, headers: Mapping[str, str]
    ) -> WebhookCreated:
        """Keep a webhook."""
        body = {"url": url, "events": events, "secret": secret, "headers": dict(headers)}
        return await self._server.read(WebhookCreated, "POST", "webhooks", json=body)

    async def webhook(self, id: str) -> Webhook:
        """A webhook."""
        return await self._server.read(Webhook, "GET", f"webhooks/{_part(id)}")

    async def webhook_page(self, limit: int, cursor: str | None) -> WebhookPage:
        """Some webhooks."""
        return await self._server.read(WebhookPage, "GET", "webhooks", params=_given(limit, cursor))

    async def change_webhook(self, id: str, changes: Mapping[str, Any]) -> Webhook:
        """Change what is named."""
        return await self._server.read(Webhook, "PATCH", f"webhooks/{_part(id)}", json=dict(changes))

    async def delete_webhook(self, id: str) -> None:
        """Delete a webhook."""
        await self._server.request("DELETE", f"webhooks/{_part(id)}")

    async def ping_webhook(self, id: str) -> Delivery:
        """Send something at once."""
        return await self._server.read(Delivery, "POST", f"webhooks/{_part(id)}/ping")

    async def rotate_webhook(self, id: str) -> WebhookCreated:
        """Make a new secret."""
        return await self._server.read(WebhookCreated, "POST", f"webhooks/{_part(id)}/rotate-secret")

    async def delivery_page(self, id: str, limit: int, cursor: str | None) -> DeliveryPage:
        """Some deliveries."""
        return await self._server.read(
            DeliveryPage, "GET", f"webhooks/{_part(id)}/deliveries", params=_given(limit, cursor)
        )

    async def redeliver(self, id: str, delivery: str) -> Delivery:
        """Deliver again."""
        return await self._server.read(
            Delivery, "POST", f"webhooks/{_part(id)}/deliveries/{_part(delivery)}/redeliver"
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()


async def _events(answer: httpx.Response) -> AsyncIterator[Event]:
    """Read server-sent events; one that was cut off in the middle is not given."""
    data: list[str] = []
    async for line in answer.aiter_lines():
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            event = _event("\n".join(data), asked_at(answer))
            data.clear()
            if event is not None:
                yield event


def _event(text: str, url: str) -> Event | None:
    """An event as it was sent; nothing where only a newer server knows its type."""
    try:
        given = json.loads(text)
        if given["type"] not in EVENTS:
            return None
        return Event(type=given["type"], sequence=given["sequence"], data=given["data"])
    except (ValueError, KeyError, TypeError) as error:
        raise APIError(f"{url} sent no event of this version's: is it a Persona server?") from error


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
