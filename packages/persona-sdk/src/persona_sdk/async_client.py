"""The client: the same calls in process and against a server, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

import anyio
import anyio.to_thread

from persona_core.errors import ConfigurationError, PersonaError
from persona_core.models import EvidenceReport, Persona
from persona_core.models import PersonaSet as CorePersonaSet
from persona_core.models.audit import Audit
from persona_core.models.events import Event
from persona_core.models.job import Job
from persona_core.models.script import ScriptFormat
from persona_core.models.webhook import Delivery, Webhook, WebhookCreated, WebhookEvent
from persona_core.pipeline import Release, ReleaseOptions
from persona_core.quality.configuration import Configuration
from persona_core.rendering.audience import Audience
from persona_core.runs import read_personas
from persona_sdk import webhooks as signed
from persona_sdk._asked import Heard, Options, asked
from persona_sdk._material import Participants, Reading, material
from persona_sdk.results import PersonaSet, Scorecard
from persona_sdk.settings import Settings, resolve
from persona_sdk.sources import Source

if TYPE_CHECKING:
    from pathlib import Path

    from persona_sdk._local import Local
    from persona_sdk._remote import Remote


class AsyncPersonaClient:
    """Personas from Python, awaited: in this process, or against a server where `base_url` is given.

    `model` is any name of litellm's, or `extractive`, which works offline. `base_url` and `api_key` may stand in
    PERSONA_BASE_URL and PERSONA_API_KEY. `timeout` is in seconds for one request to a server, `retries` how often it is
    tried again. Use it as a context manager, or call `close`.
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
        self._settings = resolve(model, base_url, api_key, timeout, retries)
        self._backend: Local | Remote | None = None
        self._closed = False
        self.jobs = AsyncJobs(self)
        self.webhooks = AsyncWebhooks(self)

    async def __aenter__(self) -> AsyncPersonaClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def with_options(
        self,
        *,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float | None = None,
        retries: int | None = None,
    ) -> AsyncPersonaClient:
        """Make another client that differs in what is named."""
        now = self._settings
        return AsyncPersonaClient(
            model=model or now.model,
            base_url=base_url or now.base_url,
            api_key=api_key or now.api_key,
            timeout=now.timeout if timeout is None else timeout,
            retries=now.retries if retries is None else retries,
        )

    async def generate(
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
        """Make personas of sources: paths, folders, texts, bytes, open files or tables.

        `participants` is the path of a participants file, or its rows. `on_event` hears what happens, perhaps on another thread. Raises
        GenerationError with what was made in `partial`, LoadError that names file and place, ProviderError, APIError.
        """
        given = asked(
            sources,
            model=model or self._settings.model,
            count=count,
            seed=seed,
            participants=participants,
            group_by=group_by,
            options=options,
            heard=on_event,
        )
        return PersonaSet.of(await self._work.generate(given))

    async def generate_many(
        self,
        items: Sequence[Source | Mapping[str, Any]],
        *,
        concurrency: int = 4,
        count: int = 3,
        seed: int = 0,
        model: str | None = None,
    ) -> list[PersonaSet | PersonaError]:
        """Make personas of each item, so many at once; an item is sources, or the arguments of `generate` as a mapping.

        What cannot be made is an error in its place, and takes no other with it.
        """
        if concurrency < 1:
            raise ConfigurationError(f"concurrency is at least 1, not {concurrency}")
        results: list[PersonaSet | PersonaError] = [PersonaError("this was not begun")] * len(items)
        limiter = anyio.CapacityLimiter(concurrency)

        async def one(place: int, item: Source | Mapping[str, Any]) -> None:
            own: dict[str, Any] = dict(item) if isinstance(item, Mapping) else {"sources": item}
            async with limiter:
                try:
                    if "sources" not in own:
                        raise ConfigurationError(
                            "an item that is a mapping names its sources: {'sources': …}"
                        )
                    shared: dict[str, Any] = {"count": count, "seed": seed, "model": model}
                    results[place] = await self.generate(**{**shared, **own})
                except PersonaError as error:
                    results[place] = error

        async with anyio.create_task_group() as tasks:
            for place, item in enumerate(items):
                tasks.start_soon(one, place, item)
        return results

    async def verify(
        self,
        personas: CorePersonaSet | Persona | str | Path,
        sources: Source,
        *,
        any_corpus: bool = False,
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> EvidenceReport:
        """Look up every quote in the sources, read as when the personas were made but for what `reading` names.

        Raises CorpusMismatchError unless they are the sources the personas were made from, or `any_corpus`.
        """
        given = material(sources, participants, reading)
        return await self._work.verify(_set(personas), given, any_corpus=any_corpus)

    async def score(
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
        """Measure personas in five dimensions, 0–100 each; evidence is unscored without sources or `evidence`."""
        card = await self._work.score(
            _set(personas),
            material(sources, participants, reading),
            evidence=evidence,
            config=config or Configuration(),
            min_score=min_score,
            allow_unscored=tuple(allow_unscored),
        )
        return Scorecard.of(card)

    async def script(
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
        """Make a script that a model can play; `str(release)` is its content.

        `k` is by how many participants whatever stands in it was said. Raises LeakError with the audit where it may not leave.
        """
        one = _set(persona)
        if len(one.personas) != 1:
            raise ConfigurationError(f"a script is of one persona, not of {len(one.personas)}: give one")
        options = ReleaseOptions(
            format=_format(format),
            yaml=yaml,
            template=template,
            threshold=threshold,
            k=k,
            require_sources=require_sources,
        )
        return await self._work.script(
            one, material(sources, participants, reading), options, model or "extractive"
        )

    async def audit(
        self,
        text: str,
        sources: Source,
        *,
        threshold: float = 0.1,
        k: int = 3,
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> Audit:
        """Compare a text that is about to leave with the sources."""
        given = material(sources, participants, reading)
        return await self._work.audit(text, given, threshold=threshold, k=k)

    async def report(
        self,
        personas: CorePersonaSet | Persona | str | Path,
        sources: Source | None = None,
        *,
        audience: Audience = "share",
        format: str = "html",
        participants: Participants = (),
        **reading: Unpack[Reading],
    ) -> str:
        """Render a report: `html`, `md` or `csv`; always in this process, where the sources are."""
        from persona_core.pipeline.reporting import report

        if format not in {"html", "md", "csv"}:
            raise ConfigurationError(f"a report is html, md or csv, not “{format}”")
        if audience not in {"share", "team"}:
            raise ConfigurationError(f"a report is to share or for the team, not for “{audience}”")
        made, given = _set(personas), material(sources, participants, reading)

        def work() -> str:
            return report(made, given.corpus(made), format=format, audience=audience)  # type: ignore[arg-type]

        return await anyio.to_thread.run_sync(work)

    async def close(self) -> None:
        """Close the connections; the client cannot be used afterwards."""
        self._closed = True
        if self._backend is not None:
            await self._backend.aclose()
            self._backend = None

    @property
    def _work(self) -> Local | Remote:
        if self._closed:
            raise ConfigurationError("this client is closed: make another")
        if self._backend is None:
            self._backend = _opened(self._settings)
        return self._backend

    @property
    def _server(self) -> Remote:
        from persona_sdk._remote import Remote

        if not isinstance(self._work, Remote):
            raise ConfigurationError(
                "jobs and webhooks are a server's: give base_url, or set PERSONA_BASE_URL"
            )
        return self._work


class AsyncJobs:
    """Generations on a server."""

    def __init__(self, client: AsyncPersonaClient) -> None:
        self._client = client

    async def create(
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
        """Begin a job; it goes on without this program. `webhook_url` is told of it."""
        given = asked(
            sources,
            model=model or self._client._settings.model,
            count=count,
            seed=seed,
            participants=participants,
            group_by=group_by,
            options=options,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
        )
        return await self._client._server.create(given)

    async def get(self, id: str) -> Job:
        """A job as it is now."""
        return await self._client._server.get(id)

    async def list(self, *, status: str | None = None, limit: int = 20) -> AsyncIterator[Job]:
        """All jobs, newest first, without their results; `limit` is how many are fetched at a time."""
        cursor = None
        while True:
            page = await self._client._server.page(limit, cursor, status)
            for job in page.data:
                yield job
            cursor = page.next_cursor
            if cursor is None:
                return

    async def wait(self, id: str, *, timeout: float | None = None) -> Job:  # noqa: ASYNC109 - as in the sync client
        """A job once it has ended. Raises APITimeoutError after `timeout` seconds; the job goes on."""
        return await self._client._server.wait(id, timeout)

    async def events(self, id: str, *, after: int = 0) -> AsyncIterator[Event]:
        """A job's events from its beginning, or after one, as they come, to its end."""
        async for event in self._client._server.events(id, after):
            yield event

    async def cancel(self, id: str) -> Job:
        """End a job; one that has ended stays as it is."""
        return await self._client._server.cancel(id)

    async def withdraw(self, id: str, participant: str) -> Job:
        """Take a participant who withdrew out of a finished job: their quotes, what rests on them alone, and the sources.

        Receivers of webhooks are told `generation.revised`; who is out already stays out. Raises APIStatusError where the
        job has not ended (409) or knows nobody of that code (422).
        """
        return await self._client._server.withdraw(id, participant)

    async def delete(self, id: str) -> None:
        """Delete a finished job with its sources, result, events and journal."""
        await self._client._server.delete(id)


class AsyncWebhooks:
    """Who is told of what."""

    def __init__(self, client: AsyncPersonaClient) -> None:
        self._client = client

    async def create(
        self,
        url: str,
        *,
        events: Sequence[str] = (),
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WebhookCreated:
        """Be told of events, all where none are named; the secret is shown this once."""
        return await self._client._server.create_webhook(url, tuple(events), secret, headers or {})

    async def get(self, id: str) -> Webhook:
        """A webhook, without its secret."""
        return await self._client._server.webhook(id)

    async def list(self, *, limit: int = 20) -> AsyncIterator[Webhook]:
        """All webhooks, newest first; `limit` is how many are fetched at a time."""
        cursor = None
        while True:
            page = await self._client._server.webhook_page(limit, cursor)
            for webhook in page.data:
                yield webhook
            cursor = page.next_cursor
            if cursor is None:
                return

    async def update(
        self,
        id: str,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        enabled: bool | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Webhook:
        """Change what is named."""
        changes = {"url": url, "events": events, "enabled": enabled, "headers": headers}
        return await self._client._server.change_webhook(
            id, {name: value for name, value in changes.items() if value is not None}
        )

    async def delete(self, id: str) -> None:
        """Delete a webhook with its deliveries."""
        await self._client._server.delete_webhook(id)

    async def ping(self, id: str) -> Delivery:
        """Send a `webhook.ping`, to see whether it arrives."""
        return await self._client._server.ping_webhook(id)

    async def rotate_secret(self, id: str) -> WebhookCreated:
        """Make a new secret, shown this once; the old one signs beside it for 24 hours."""
        return await self._client._server.rotate_webhook(id)

    async def deliveries(self, id: str, *, limit: int = 20) -> AsyncIterator[Delivery]:
        """Deliveries with their attempts, newest first; `limit` is how many are fetched at a time."""
        cursor = None
        while True:
            page = await self._client._server.delivery_page(id, limit, cursor)
            for delivery in page.data:
                yield delivery
            cursor = page.next_cursor
            if cursor is None:
                return

    async def redeliver(self, id: str, delivery: str) -> Delivery:
        """Deliver again, under the same `webhook-id`."""
        return await self._client._server.redeliver(id, delivery)

    def unwrap(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        secret: str | Sequence[str],
        tolerance: float = 300.0,
    ) -> WebhookEvent:
        """Check a delivery's signature and read it; needs no server. Raises SignatureError with its `reason`."""
        return signed.unwrap(body, headers, secret=secret, tolerance=tolerance)


def _opened(settings: Settings) -> Local | Remote:
    if settings.base_url is None:
        from persona_sdk._local import Local

        return Local()
    from persona_sdk._remote import Remote

    return Remote(settings)


def _set(personas: CorePersonaSet | Persona | str | Path) -> CorePersonaSet:
    """Personas as a set: one alone, or what stands in a file or run folder."""
    if isinstance(personas, CorePersonaSet):
        return personas
    if isinstance(personas, Persona):
        return CorePersonaSet(personas=(personas,))
    return read_personas(personas)


def _format(name: str) -> ScriptFormat:
    try:
        return ScriptFormat(name)
    except ValueError:
        known = ", ".join(each.value for each in ScriptFormat)
        raise ConfigurationError(f"“{name}” is no form of a script: give one of {known}") from None
