"""The engine of one process: so many jobs at once in threads of their own, the rest wait their turn in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import anyio
import anyio.abc
import anyio.to_thread
from sqlalchemy import Connection

from persona_api import faults
from persona_api.engines.engine import Attempt, Begin
from persona_api.store import Database, jobs

_log = logging.getLogger("persona_api.engine")
_AGAIN = 1.0
"""Seconds until a job that ended without having said how waits again."""


class Embedded:
    """Runs jobs as their turns come.

    `begin(job, attempt)` makes an attempt. A job that the process died in waits again at the next start, and asks
    nothing anew that its journal holds.
    """

    def __init__(
        self,
        database: Database,
        begin: Begin,
        now: Callable[[], float],
        concurrency: int,
    ) -> None:
        self._database, self._begin, self._now = database, begin, now
        self._limiter = anyio.CapacityLimiter(concurrency)
        self._concurrency = concurrency
        self._running: dict[str, tuple[int, Attempt]] = {}
        self._wake, self._idle = anyio.Event(), anyio.Event()
        self._stopping = False

    @property
    def running(self) -> int:
        """How many jobs are under way."""
        return len(self._running)

    def wake(self) -> None:
        """Say that a job waits; on the server's event loop."""
        self._wake.set()

    def stop_job(self, job: str) -> None:
        """End a job that is under way, where it is; on the server's event loop."""
        if job in self._running:
            self._running[job][1].stop()

    async def run(self) -> None:
        """Run jobs until `drain`: first what an earlier process left half done."""
        await self._database.insist(_log, jobs.put_back)
        async with anyio.create_task_group() as tasks:
            while not self._stopping:
                self._wake = anyio.Event()
                while len(self._running) < self._concurrency and not self._stopping:
                    claimed = await self._database.insist(_log, self._claim)
                    if claimed is None:
                        break
                    self._take(tasks, *claimed)
                if not self._stopping:
                    await self._wake.wait()

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those under way so many seconds to end, and let the rest wait for the next start."""
        self._stopping = True
        self._wake.set()
        with anyio.move_on_after(seconds):
            await self._emptied()
        left = {job: attempt for job, (attempt, _) in self._running.items()}
        for job, attempt in left.items():
            await self._database.insist(_log, partial(jobs.put_back, job=job, attempt=attempt))
            self.stop_job(job)
        with anyio.move_on_after(max(1.0, seconds)):
            await self._emptied()

    async def _emptied(self) -> None:
        while self._running:
            self._idle = anyio.Event()
            await self._idle.wait()

    def _claim(self, connection: Connection) -> tuple[str, int] | None:
        return jobs.claim(connection, self._now())

    def _take(self, tasks: anyio.abc.TaskGroup, job: str, number: int) -> None:
        attempt = self._begin(job, number)
        self._running[job] = (number, attempt)
        tasks.start_soon(self._one, job, number, attempt)

    async def _one(self, job: str, number: int, attempt: Attempt) -> None:
        try:
            await anyio.to_thread.run_sync(attempt.run, limiter=self._limiter, abandon_on_cancel=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the job is not lost
            faults.note(_log, "a job ended without having said how", error, {"job": job})
            await anyio.sleep(_AGAIN)
            await self._database.insist(_log, partial(jobs.put_back, job=job, attempt=number))
        finally:
            del self._running[job]
            self._idle.set()
            self._wake.set()
