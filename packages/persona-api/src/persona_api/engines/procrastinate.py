"""The engine of many processes: Procrastinate's workers take jobs from a queue in PostgreSQL.

The rows of jobs tell what is to be done. The queue says who does it when, and where it is wrong (a worker died, was frozen
or cut off from the database), a sweep puts it right; what an attempt that was given up still writes is refused.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker
from sqlalchemy import Connection

from persona_api import faults
from persona_api.engines.engine import Attempt, Begin, UnfitError
from persona_api.engines.sweeping import believed, drop, is_alive, sweep
from persona_api.store import UNUSABLE, Database, jobs
from persona_api.store.sharing import QUEUE, TASK

_log = logging.getLogger("persona_api.engine")
T = TypeVar("T")
_HEARTBEAT, _SILENT = 1.0, 5.0
"""Seconds from one sign of life of a worker to the next, and after which its jobs are others'."""
_SWEEP = 1.0
"""Seconds from one sweep to the next, on average."""
_POLL = 1.0
"""Seconds after which the queue is looked at although nobody said that there is something."""
_AGAIN = 1.0
"""Seconds until a database that cannot be used, or a job that this process cannot do, is tried again."""
_PATIENCE = 5.0
"""Seconds in which Procrastinate has a connection."""
_THOROUGH = 10
"""One sweep of so many looks at all that waits."""


class Distributed:
    """Runs jobs of a queue that all processes share; with a concurrency of 0 it only sweeps.

    A job whose worker died is taken over after `_SILENT` seconds and a sweep, and asks nothing anew that its journal holds.
    """

    def __init__(self, database: Database, begin: Begin, now: Callable[[], float], concurrency: int) -> None:
        self._database, self._begin, self._now = database, begin, now
        self._concurrency = concurrency
        self._limiter = anyio.CapacityLimiter(max(1, 2 * concurrency))
        self._running: dict[tuple[str, int], Attempt] = {}
        self._engaged: set[str] = set()
        self._suspects: set[str] = set()
        self._worker: Worker | None = None
        self._stopping = False
        self._ended = anyio.Event()

    @property
    def running(self) -> int:
        """How many jobs are under way in this process."""
        return len(self._running)

    def wake(self) -> None:
        """Nothing: the queue tells its workers."""

    def stop_job(self, job: str) -> None:
        """End a job that is under way here, where it is."""
        for (each, _), attempt in list(self._running.items()):
            if each == job:
                attempt.stop()

    async def run(self) -> None:
        """Work and sweep until `drain`; a database that is away is waited for."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._sweep)
            while self._concurrency and not self._stopping:
                await self._working()
                if not self._stopping:
                    await anyio.sleep(_AGAIN)
            self._ended.set()

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those under way so many seconds to end, and let others have the rest."""
        self._stopping = True
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = seconds
        self._anew()
        with anyio.move_on_after(seconds + 5 * _AGAIN):
            await self._ended.wait()

    async def _working(self) -> None:
        """Be a worker until it is stopped, or the database is away."""
        app = App(
            connector=PsycopgConnector(
                conninfo=self._database.conninfo, min_size=1, max_size=2, timeout=_PATIENCE
            )
        )
        app.task(name=TASK, queue=QUEUE)(self._one)
        try:
            with anyio.fail_after(2 * _PATIENCE):
                await app.open_async()
            self._worker = Worker(
                app,
                queues=[QUEUE],
                concurrency=self._concurrency,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.ALWAYS,
                fetch_job_polling_interval=_POLL,
                shutdown_graceful_timeout=_AGAIN,
                update_heartbeat_interval=_HEARTBEAT,
                stalled_worker_timeout=12 * _SILENT,
            )
            if not self._stopping:
                await self._worker.run()  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - whatever it is, jobs are worked on
            faults.note(_log, "the queue cannot be worked on; again in a second", error, {})
        finally:
            self._worker = None
            with anyio.CancelScope(shield=True), anyio.move_on_after(_AGAIN):
                await app.close_async()

    async def _one(self, job: str) -> None:
        """Make an attempt at a job, unless it is over; what it cannot end waits again."""
        self._engaged.add(job)
        try:
            number = await self._database.write(lambda connection: jobs.take(connection, job, self._now()))
            if number is not None:
                await self._attempted(job, number)
        except UnfitError as error:
            _log.warning("this process leaves a job to others: %s", error, extra={"job": job})
        except Exception as error:
            faults.note(_log, "a job ended without having said how", error, {"job": job})
            raise
        finally:
            self._engaged.discard(job)

    async def _attempted(self, job: str, number: int) -> None:
        attempt = self._begin(job, number)
        self._running[job, number] = attempt
        try:
            await anyio.to_thread.run_sync(attempt.run, limiter=self._limiter, abandon_on_cancel=True)
        except BaseException as error:
            attempt.stop()
            if isinstance(error, UnfitError):
                await anyio.sleep(_AGAIN)
            with anyio.CancelScope(shield=True):
                await self._tried(self._database.write, partial(jobs.put_back, job=job, attempt=number))
            raise
        finally:
            del self._running[job, number]

    def _anew(self) -> None:
        """Be another worker from now on: what the queue believes of this one is let go."""
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    async def _sweep(self) -> None:
        """Put right what the queue has wrong, and end what is others' by now, for ever."""
        while not self._stopping:
            thorough = random.random() * _THOROUGH < 1  # noqa: S311 - spreads load
            await self._tried(self._database.write, partial(sweep, silent=_SILENT, thorough=thorough))
            await self._look_at_myself()
            mine = dict(self._running.keys())
            if mine:
                left = await self._tried(self._database.look, partial(jobs.held_by, those=mine))
                for job in mine.keys() - (mine.keys() if left is None else left):
                    self.stop_job(job)
            await anyio.sleep(_SWEEP * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load

    async def _look_at_myself(self) -> None:
        """Be another worker where the others believe that this one is dead; let go of jobs that it only seems to have.

        After an outage Procrastinate may show no sign of life any more and not notice, or not say that a job has ended.
        """
        worker = None if self._worker is None else self._worker.worker_id
        if worker is None:
            return
        if await self._tried(self._database.look, partial(is_alive, worker=worker, silent=_SILENT)) is False:
            self._anew()
            return
        seeming = await self._tried(self._database.look, partial(believed, worker=worker)) or set()
        lost, self._suspects = self._suspects & seeming - self._engaged, seeming - self._engaged
        if lost:
            await self._tried(self._database.write, partial(drop, worker=worker, those=lost))

    async def _tried(
        self,
        ask: Callable[[Callable[[Connection], T]], Awaitable[T]],
        work: Callable[[Connection], T],
    ) -> T | None:
        try:
            return await ask(work)
        except UNUSABLE as error:
            faults.unusable(_log, error)
            return None
