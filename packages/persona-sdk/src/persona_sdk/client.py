"""The client for programs that do not await: the same calls, on an event loop of its own in a thread."""

from __future__ import annotations

import functools
import threading
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, Unpack

from anyio.from_thread import BlockingPortal, start_blocking_portal

from persona_core.errors import PersonaError
from persona_core.models import EvidenceReport, Persona
from persona_core.models import PersonaSet as CorePersonaSet
from persona_core.models.audit import Audit
from persona_core.models.events import Event
from persona_core.models.job import Job
from persona_core.models.webhook import Delivery, Webhook, WebhookCreated, WebhookEvent
from persona_core.pipeline import Release
from persona_core.quality.configuration import Configuration
from persona_core.rendering.audience import Audience
from persona_sdk._asked import Heard, Options
from persona_sdk._material import Participants, Reading
from persona_sdk.async_client import AsyncJobs, AsyncPersonaClient, AsyncWebhooks
from persona_sdk.results import PersonaSet, Scorecard
from persona_sdk.sources import Source

_PATIENCE = 10.0
"""Seconds that an interrupted call has to end what it began, such as a job on a server."""

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def _like(original: Any) -> Callable[[F], F]:
    """Take the docstring of the awaited original."""

    def told(function: F) -> F:
        function.__doc__ = original.__doc__
        return function

    return told


class _Loop:
    """An event loop in a thread, made when first needed; an interrupt here cancels what runs there."""

    def __init__(self) -> None:
        self._open, self._lock = ExitStack(), threading.Lock()
        self._portal: BlockingPortal | None = None
        # Also where nobody closes the client: when it is dropped, and before the interpreter ends.
        weakref.finalize(self, self._open.close)

    def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        ended = threading.Event()

        async def work() -> T:
            try:
                return await call()
            finally:
                ended.set()

        future = self._started().start_task_soon(work)
        try:
            return future.result()
        except BaseException:
            if future.cancel():
                ended.wait(_PATIENCE)
            raise

    def each(self, items: AsyncIterator[T]) -> Iterator[T]:
        """Give what an asynchronous iterator gives."""
        try:
            while True:
                try:
                    yield self(functools.partial(anext, items))
                except StopAsyncIteration:
                    return
        finally:
            closing = getattr(items, "aclose", None)
            if closing is not None and self._portal is not None:
                self(closing)

    def close(self) -> None:
        """End the loop."""
        with self._lock:
            self._portal = None
            self._open.close()

    def _started(self) -> BlockingPortal:
        with self._lock:
            if self._portal is None:
                self._portal = self._open.enter_context(start_blocking_portal())
            return self._portal


class PersonaClient:
    """Personas from Python: in this process, or against a server where `base_url` is given.

    `model` is any name of litellm's, or `extractive`, which works offline. `base_url` and `api_key` may stand in
    PERSONA_BASE_URL and PERSONA_API_KEY. `timeout` is in seconds for one request to a server, `retries` how often it is
    tried again. Use it as a context manager, or call `close`. It may be used from several threads, and inside a running
    event loop, such as a notebook's.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
    ) -> None:
        self._async = AsyncPersonaClient(
            model=model, base_url=base_url, api_key=api_key, timeout=timeout, retries=retries
        )
        self._loop = _Loop()
        self.jobs = Jobs(self._async.jobs, self._loop)
        self.webhooks = Webhooks(self._async.webhooks, self._loop)

    def __enter__(self) -> PersonaClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @_like(AsyncPersonaClient.with_options)
    def with_options(
        self,
        *,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float | None = None,
        retries: int | None = None,
    ) -> PersonaClient:
        other = self._async.with_options(
            model=model, base_url=base_url, api_key=api_key, timeout=timeout, retries=retries
        )
        now = other._settings
        return PersonaClient(
            model=now.model,
            base_url=now.base_url,
            api_key=now.api_key,
            timeout=now.timeout,
            retries=now.retries,
        )

    @_like(AsyncPersonaClient.generate)
    def generate(
        self,
        sources: Source,
        *,
        count: int = 3,
        seed: int = 0,
        model: str | None = None,
        participants: Participants = (),
        group_by: str | None = None,
        on_event: Heard | None = None,
        **options: Unpack[Options],
    ) -> PersonaSet:
        return self._loop(
            lambda: self._async.generate(
                sources,
                count=count,
                seed=seed,
                model=model,
                participants=participants,
                group_by=group_by,
                on_event=on_event,
                **options,
            )
        )

    @_like(AsyncPersonaClient.generate_many)
    def generate_many(
        self,
        items: Sequence[Source | Mapping[str, Any]],
        *,
        concurrency: int = 4,
        count: int = 3,
        seed: int = 0,
        model: str | None = None,
    ) -> list[PersonaSet | PersonaError]:
        return self._loop(
            lambda: self._async.generate_many(
                items, concurrency=concurrency, count=count, seed=seed, model=model
            )
        )

    @_like(AsyncPersonaClient.verify)
    def verify(
        self,
        personas: CorePersonaSet | Persona | str | Path,
        sources: Source,
        *,
        any_corpus: bool = False,
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> EvidenceReport:
        return self._loop(
            lambda: self._async.verify(
                personas, sources, any_corpus=any_corpus, participants=participants, **reading
            )
        )

    @_like(AsyncPersonaClient.score)
    def score(
        self,
        personas: CorePersonaSet | Persona | str | Path,
        sources: Source | None = None,
        *,
        evidence: EvidenceReport | None = None,
        config: Configuration | None = None,
        min_score: float | None = None,
        allow_unscored: Sequence[str] = (),
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> Scorecard:
        return self._loop(
            lambda: self._async.score(
                personas,
                sources,
                evidence=evidence,
                config=config,
                min_score=min_score,
                allow_unscored=allow_unscored,
                participants=participants,
                **reading,
            )
        )

    @_like(AsyncPersonaClient.script)
    def script(
        self,
        persona: CorePersonaSet | Persona | str | Path,
        sources: Source | None = None,
        *,
        format: str = "character_card",
        yaml: bool = False,
        template: str | None = None,
        threshold: float = 0.1,
        k: int = 3,
        require_sources: bool = False,
        model: str | None = None,
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> Release:
        return self._loop(
            lambda: self._async.script(
                persona,
                sources,
                format=format,
                yaml=yaml,
                template=template,
                threshold=threshold,
                k=k,
                require_sources=require_sources,
                model=model,
                participants=participants,
                **reading,
            )
        )

    @_like(AsyncPersonaClient.audit)
    def audit(
        self,
        text: str,
        sources: Source,
        *,
        threshold: float = 0.1,
        k: int = 3,
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> Audit:
        return self._loop(
            lambda: self._async.audit(
                text, sources, threshold=threshold, k=k, participants=participants, **reading
            )
        )

    @_like(AsyncPersonaClient.report)
    def report(
        self,
        personas: CorePersonaSet | Persona | str | Path,
        sources: Source | None = None,
        *,
        audience: Audience = "share",
        format: str = "html",
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> str:
        return self._loop(
            lambda: self._async.report(
                personas, sources, audience=audience, format=format, participants=participants, **reading
            )
        )

    @_like(AsyncPersonaClient.close)
    def close(self) -> None:
        if self._async._closed:
            return
        self._loop(self._async.close)
        self._loop.close()


class Jobs:
    """Generations on a server."""

    def __init__(self, jobs: AsyncJobs, loop: _Loop) -> None:
        self._async, self._loop = jobs, loop

    @_like(AsyncJobs.create)
    def create(
        self,
        sources: Source,
        *,
        count: int = 3,
        seed: int = 0,
        model: str | None = None,
        participants: Participants = (),
        group_by: str | None = None,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        **options: Unpack[Options],
    ) -> Job:
        return self._loop(
            lambda: self._async.create(
                sources,
                count=count,
                seed=seed,
                model=model,
                participants=participants,
                group_by=group_by,
                webhook_url=webhook_url,
                webhook_secret=webhook_secret,
                **options,
            )
        )

    @_like(AsyncJobs.get)
    def get(self, id: str) -> Job:
        return self._loop(lambda: self._async.get(id))

    @_like(AsyncJobs.list)
    def list(self, *, status: str | None = None, limit: int = 20) -> Iterator[Job]:
        return self._loop.each(self._async.list(status=status, limit=limit))

    @_like(AsyncJobs.wait)
    def wait(self, id: str, *, timeout: float | None = None) -> Job:
        return self._loop(lambda: self._async.wait(id, timeout=timeout))

    @_like(AsyncJobs.events)
    def events(self, id: str, *, after: int = 0) -> Iterator[Event]:
        return self._loop.each(self._async.events(id, after=after))

    @_like(AsyncJobs.cancel)
    def cancel(self, id: str) -> Job:
        return self._loop(lambda: self._async.cancel(id))

    @_like(AsyncJobs.withdraw)
    def withdraw(self, id: str, participant: str) -> Job:
        return self._loop(lambda: self._async.withdraw(id, participant))

    @_like(AsyncJobs.delete)
    def delete(self, id: str) -> None:
        return self._loop(lambda: self._async.delete(id))


class Webhooks:
    """Who is told of what."""

    def __init__(self, webhooks: AsyncWebhooks, loop: _Loop) -> None:
        self._async, self._loop = webhooks, loop

    @_like(AsyncWebhooks.create)
    def create(
        self,
        url: str,
        *,
        events: Sequence[str] = (),
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WebhookCreated:
        return self._loop(lambda: self._async.create(url, events=events, secret=secret, headers=headers))

    @_like(AsyncWebhooks.get)
    def get(self, id: str) -> Webhook:
        return self._loop(lambda: self._async.get(id))

    @_like(AsyncWebhooks.list)
    def list(self, *, limit: int = 20) -> Iterator[Webhook]:
        return self._loop.each(self._async.list(limit=limit))

    @_like(AsyncWebhooks.update)
    def update(
        self,
        id: str,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        enabled: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Webhook:
        return self._loop(
            lambda: self._async.update(id, url=url, events=events, enabled=enabled, headers=headers)
        )

    @_like(AsyncWebhooks.delete)
    def delete(self, id: str) -> None:
        return self._loop(lambda: self._async.delete(id))

    @_like(AsyncWebhooks.ping)
    def ping(self, id: str) -> Delivery:
        return self._loop(lambda: self._async.ping(id))

    @_like(AsyncWebhooks.rotate_secret)
    def rotate_secret(self, id: str) -> WebhookCreated:
        return self._loop(lambda: self._async.rotate_secret(id))

    @_like(AsyncWebhooks.deliveries)
    def deliveries(self, id: str, *, limit: int = 20) -> Iterator[Delivery]:
        return self._loop.each(self._async.deliveries(id, limit=limit))

    @_like(AsyncWebhooks.redeliver)
    def redeliver(self, id: str, delivery: str) -> Delivery:
        return self._loop(lambda: self._async.redeliver(id, delivery))

    @_like(AsyncWebhooks.unwrap)
    def unwrap(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        secret: str | Sequence[str],
        tolerance: float = 300.0,
    ) -> WebhookEvent:
        return self._async.unwrap(body, headers, secret=secret, tolerance=tolerance)
