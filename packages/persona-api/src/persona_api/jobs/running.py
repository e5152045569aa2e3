"""One attempt at a job: core's pipeline between rows and rows."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal
from pydantic import ValidationError
from sqlalchemy import Connection

from persona_api import faults
from persona_api.engines.engine import UnfitError
from persona_api.jobs.stopping import Stoppable, StoppedError
from persona_api.problems import pointer
from persona_api.settings import Settings
from persona_api.store import UNUSABLE, Database, jobs
from persona_api.store.schema import compact
from persona_core.errors import GenerationError, PersonaError
from persona_core.loading import load
from persona_core.models import Corpus, PersonaSet
from persona_core.models.events import Event
from persona_core.models.job import GenerateRequest, Problem
from persona_core.pipeline import generate
from persona_core.runs import to_json
from persona_core.synthesis import Prompted

_log = logging.getLogger("persona_api.jobs")
_MOST = 25
"""Attempts at a job, those included whose process was stopped in peace."""
Portal = Callable[[], BlockingPortal]
"""Gives the event loop on which models are asked: one for life, because litellm keeps its connections to it."""


class Generation:
    """Makes the personas of a job, in the engine's thread; a model is asked on the portal's event loop.

    Everything it says is a row before it goes on, and nothing is written any more once the job is no longer its own.
    """

    def __init__(
        self,
        job: str,
        attempt: int,
        *,
        database: Database,
        settings: Settings,
        portal: Portal,
        now: Callable[[], float],
        changed: Callable[[str], None],
    ) -> None:
        self.job, self.attempt = job, attempt
        self._database, self._settings, self._portal = database, settings, portal
        self._now, self._changed = now, changed
        self._stopping = Stoppable()
        self._asking: Future[PersonaSet] | None = None
        self._told: set[str] = set()

    def stop(self) -> None:
        """End it, in the middle of a call to a model or of whatever it computes."""
        self._stopping.stop()
        if self._asking is not None:
            self._asking.cancel()

    def run(self) -> None:
        """Do it, to its end or until it is stopped. Raises what UNUSABLE names where the database cannot be written to."""
        try:
            made = _ungrouped(self._made)
        except (jobs.SupersededError, StoppedError, CancelledError):
            return
        except (UnfitError, *UNUSABLE):
            raise
        except PersonaError as error:
            self._end(partial(self._failed, str(error), 422, getattr(error, "partial", None)))
        except Exception as error:  # noqa: BLE001 - the last place that can say how the job ended
            faults.note(_log, "a job failed in a way that nobody foresaw", error, {"job": self.job})
            detail = "this is a fault of the server's; its log says more"
            self._end(partial(self._failed, detail, 500, None))
        else:
            self._end(partial(self._completed, made))

    def _made(self) -> PersonaSet:
        row = self._database.look_now(lambda connection: jobs.asked(connection, self.job))
        if row is None:
            raise jobs.SupersededError(self.job)
        if self.attempt > _MOST:
            raise GenerationError(
                f"it was begun {_MOST} times without coming to an end: its process died in the middle, or could not do it; the "
                "server's log says more"
            )
        request = _understood(row.request)
        if not self._settings.allows(request.model):
            if self._database.shared:
                raise UnfitError(f"the model {request.model} is not allowed in this process (--allow-model)")
            raise GenerationError(f"the model {request.model} is not allowed here any more (--allow-model)")
        self._told = self._database.look_now(lambda connection: jobs.names_told(connection, self.job))
        given = self._database.look_now(lambda connection: jobs.sources_of(connection, self.job))
        with self._stopping.working():
            corpus = _loaded(request, given)
            if request.model == "extractive":
                return anyio.run(
                    partial(
                        generate,
                        corpus,
                        options=request.synthesis(),
                        on_event=self._heard_at_work,
                        loading=request.options.loading(),
                    )
                )
        self._asking = self._portal().start_task_soon(self._asked, request, corpus)
        if self._stopping.stopped:
            self._asking.cancel()
        return self._asking.result()

    async def _asked(self, request: GenerateRequest, corpus: Corpus) -> PersonaSet:
        from persona_providers import Journal, host_of, provider

        options = request.options
        lines = self._database.look_now(lambda connection: jobs.journal_of(connection, self.job))
        journal = Journal.over(lines, self._journalled)
        where = host_of(request.model)
        hidden = where.is_sent_tokens(options.pseudonymise)
        journal.begin({"model": request.model, "host": where.name, "pseudonymised": hidden})
        asked = provider(request.model, journal=journal, **options.calling())
        try:
            maker = Prompted(asked, asked.limits, pseudonymise=hidden, concurrency=options.concurrency)
            return await generate(
                corpus,
                maker,
                request.synthesis(),
                on_event=self._heard,
                loading=options.loading(),
                usage=lambda: journal.usage,
            )
        finally:
            with anyio.CancelScope(shield=True):
                await asked.aclose()

    def _journalled(self, lines: str) -> None:
        self._database.write_now(
            lambda connection: jobs.write_journal(connection, self.job, self.attempt, lines)
        )

    def _heard_at_work(self, event: Event) -> None:
        with self._stopping.undisturbed():
            self._heard(event)

    def _heard(self, event: Event) -> None:
        """Keep what the pipeline says; its end is kept with the result, and what an earlier attempt said is not said again."""
        self._stopping.check()
        ends = {"generation.completed", "generation.failed", "generation.cancelled"}
        if event.type in ends or jobs.name_of(event.type, event.data) in self._told:
            return
        values: dict[str, Any] = {}
        if event.type == "generation.progress":
            values = {"stage": event.data["stage"], "done": event.data["done"], "total": event.data["of"]}

        def work(connection: Connection) -> None:
            jobs.change(connection, self.job, self.attempt, {"status": "running", **values})
            jobs.tell(connection, self.job, event.type, event.data, self._now())

        self._database.write_now(work)
        self._changed(self.job)

    def _completed(self, made: PersonaSet, connection: Connection) -> None:
        now = self._now()
        jobs.finish(connection, self.job, self.attempt, "completed", now, result=_compact(made))
        cost = made.generation.usage.cost_usd
        data = {
            "personas": len(made.personas),
            "duration_seconds": self._took(connection, now),
            "cost_usd": cost,
        }
        jobs.tell(connection, self.job, "generation.completed", data, now)

    def _failed(self, detail: str, status: int, made: Any, connection: Connection) -> None:
        now, some = self._now(), isinstance(made, PersonaSet) and made.personas
        problem = Problem(title="The personas could not be made", status=status, detail=detail)
        kept = {"result": _compact(made)} if some else {}
        error = problem.model_dump_json(exclude_none=True)
        jobs.finish(connection, self.job, self.attempt, "failed", now, error=error, **kept)
        data = {
            "reason": detail,
            "personas": len(made.personas) if some else 0,
            "duration_seconds": self._took(connection, now),
        }
        jobs.tell(connection, self.job, "generation.failed", data, now)

    def _took(self, connection: Connection, now: float) -> float:
        row = jobs.brief(connection, self.job)
        return round(max(0.0, now - row.started_at), 3) if row is not None and row.started_at else 0.0

    def _end(self, work: Callable[[Connection], None]) -> None:
        try:
            self._database.write_now(work, durable=True)
        except jobs.SupersededError:
            return
        self._changed(self.job)


def _understood(request: str) -> GenerateRequest:
    """A job as it was asked. Raises UnfitError where a later version took it."""
    try:
        return GenerateRequest.model_validate({**json.loads(request), "data": "kept"})
    except ValidationError as error:
        unknown = ", ".join(pointer(each["loc"]) for each in error.errors(include_input=False))
        raise UnfitError(f"a later version took it: {unknown}") from None


def _ungrouped(work: Callable[[], PersonaSet]) -> PersonaSet:
    """Where calls side by side ended together, what ended the first of them ended the job."""
    try:
        return work()
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from group


def _loaded(request: GenerateRequest, given: Sequence[tuple[str, bytes]]) -> Corpus:
    return load(given, request.options.loading(), participants=request.register())


def _compact(personas: PersonaSet) -> str:
    """As a personas file says it, without spaces for the eye."""
    return compact(json.loads(to_json(personas)))
