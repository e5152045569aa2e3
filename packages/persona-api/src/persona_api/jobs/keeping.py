"""Jobs from their request to their deletion: what a handler asks for, in one transaction each."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import anyio
from sqlalchemy import Connection, Row

from persona_api.engines.engine import Engine
from persona_api.jobs import withdrawing
from persona_api.jobs.changes import Changes
from persona_api.jobs.withdrawing import Finished, Revised
from persona_api.problems import ProblemError
from persona_api.store import UNUSABLE, Database, jobs, keys, webhooks
from persona_core.models.job import FINISHED, GenerateRequest

_HEARTBEAT = 15.0
"""Seconds after which a follower of a job is told that nothing happened."""
_AGAIN = 1.0
"""Seconds until a database that is away is asked again for events."""
_READ = 20_000
"""Readings that are remembered, so that the log names each once."""
_LONGEST = 3600.0
"""Seconds between two looks for jobs to delete, at most."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A job that was asked for."""

    job: Row[Any]
    replayed: bool
    """Whether it was asked for before, under the same Idempotency-Key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and for what."""

    owner: str
    key: str | None = None
    """The Idempotency-Key."""
    fingerprint: str = ""
    """Of the request; two of one key are the same where theirs are."""


class Jobs:
    """Every change of a job that is not its own run's."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        changes: Changes,
        now: Callable[[], float],
        max_queued: int,
    ) -> None:
        self._database, self._engine, self._changes = database, engine, changes
        self._now, self._max_queued = now, max_queued
        self._read: dict[tuple[str, str, str, int], None] = {}

    async def submit(
        self,
        request: GenerateRequest,
        given: Sequence[tuple[str, bytes]],
        asked: Asked,
        beside: Callable[[Connection, str], None] | None = None,
    ) -> Submitted:
        """Keep a job, and what is kept `beside` it in the same transaction; when this returns it is on disk.

        Raises ProblemError for a full queue, or a key used otherwise.
        """
        job = f"job_{secrets.token_hex(12)}"
        text = request.model_dump_json(
            exclude={"sources", "data", "webhook_url", "webhook_secret"},
            exclude_defaults=True,  # so that an earlier version beside this one understands what it can do
        )

        def work(connection: Connection) -> tuple[str, bool]:
            known = self._known(connection, asked)
            if known is not None:
                return known, True
            if jobs.waiting(connection, asked.owner) >= self._max_queued:
                raise ProblemError(
                    429,
                    f"{self._max_queued:,} jobs wait already: come back when some are done",
                    headers={"Retry-After": "60"},
                )
            now = self._now()
            jobs.add(connection, job, asked.owner, text, given, now)
            if beside is not None:
                beside(connection, job)
            if asked.key is not None:
                jobs.remember_request(connection, asked.owner, asked.key, asked.fingerprint, job, now)
            keys.log(connection, asked.owner, "generate", job, now)
            return job, False

        found, replayed = await self._database.write(work, durable=True)
        self._engine.wake()
        return Submitted(await self._row(found), replayed)

    def _known(self, connection: Connection, asked: Asked) -> str | None:
        if asked.key is None:
            return None
        known = jobs.known_request(connection, asked.owner, asked.key)
        if known is not None and known.fingerprint != asked.fingerprint:
            raise ProblemError(
                422, "this Idempotency-Key was used for another request: use a new one for each request"
            )
        return None if known is None else str(known.job)

    async def _row(self, job: str) -> Row[Any]:
        return _of(await self._database.read(lambda connection: jobs.brief(connection, job)), None, job)

    async def get(self, job: str, owner: str | None, *, whole: bool = True) -> Row[Any]:
        """A job of an owner, or of anybody. Raises ProblemError where there is none: another's is none."""
        look = jobs.get if whole else jobs.brief
        return _of(await self._database.read(lambda connection: look(connection, job)), owner, job)

    async def note_read(self, row: Row[Any], who: str) -> None:
        """Note that somebody read a job or its events: once for each state that it is read in."""
        read = (row.id, who, row.status, row.sequence if row.status in FINISHED else 0)
        if read in self._read:
            return
        while len(self._read) >= _READ:
            self._read.pop(next(iter(self._read)))
        self._read[read] = None
        await self._database.write(lambda connection: keys.log(connection, who, "read", row.id, self._now()))

    async def page(
        self, owner: str | None, before: int | None, status: str | None, limit: int
    ) -> Sequence[Row[Any]]:
        """Jobs, newest first; one more than `limit` where there are more."""
        return await self._database.look(
            lambda connection: jobs.page(connection, owner, before, status, limit + 1)
        )

    async def cancel(self, job: str, owner: str | None, who: str) -> Row[Any]:
        """End a job that is not finished; one that is stays as it is."""

        def work(connection: Connection) -> bool:
            row = _of(jobs.held(connection, job), owner, job)
            if row.status in FINISHED:
                return False
            now = self._now()
            jobs.finish(connection, job, None, "cancelled", now)
            jobs.tell(connection, job, "generation.cancelled", {}, now)
            keys.log(connection, who, "cancel", job, now)
            return True

        if await self._database.write(work, durable=True):
            self._engine.stop_job(job)
            self._changes.tell(job)
        return await self._row(job)

    async def delete(self, job: str, owner: str | None, who: str) -> None:
        """Delete a finished job, its sources, result, events and journal. Raises ProblemError where it is not finished."""

        def work(connection: Connection) -> None:
            row = _of(jobs.held(connection, job), owner, job)
            if row.status not in FINISHED:
                raise ProblemError(409, f"the job is {row.status}: cancel it first, or wait for its end")
            jobs.remove(connection, job)
            keys.log(connection, who, "delete", job, self._now())

        await self._database.write(work, durable=True)
        await anyio.to_thread.run_sync(self._database.forget)

    async def withdraw(
        self,
        job: str,
        owner: str | None,
        who: str,
        participant: str,
        work: Callable[[Callable[[], Revised | None]], Awaitable[Revised | None]],
    ) -> Row[Any]:
        """Take a participant out of a finished job; who is out already stays out.

        `work` computes what it is given beside the event loop. Raises ProblemError where the job is not finished, has no
        personas, or they know nobody of that code.
        """
        while True:
            row = await self.get(job, owner, whole=False)
            if row.status not in FINISHED:
                raise ProblemError(409, f"the job is {row.status}: cancel it first, or wait for its end")
            found = await self._database.look(partial(withdrawing.finished, job=job))
            if found is None:
                raise _unknown(job)
            revised = await work(partial(withdrawing.withdrawn, found, participant, self._now()))
            if revised is None:  # they withdrew before, and what is left is read
                await self.note_read(row, who)
                return await self.get(job, owner)

            def keep(connection: Connection, found: Finished = found, revised: Revised = revised) -> None:
                now = self._now()
                withdrawing.kept(connection, found, revised, now)
                keys.log(connection, who, "withdraw", job, now)

            try:
                await self._database.write(keep, durable=True)
            except jobs.SupersededError:  # revised or deleted by somebody else at the same time
                continue
            await anyio.to_thread.run_sync(self._database.forget)
            self._changes.tell(job)
            return await self.get(job, owner)

    async def follow(self, job: str, owner: str | None, after: int) -> AsyncIterator[Row[Any] | None]:
        """Give a job's events after a number as they come, and None where nothing happened for a while.

        Ends after the last event of a finished job, when the job is deleted, and when the server stops.
        """
        with self._changes.following(job) as follower:
            while True:
                follower.look_away()
                try:
                    rows = await self._database.look(partial(_told, job=job, after=after))
                except UNUSABLE:  # it comes back
                    await anyio.sleep(_AGAIN)
                    yield None
                    continue
                for row in rows:
                    after = row.sequence
                    yield row
                if not rows:
                    if await self._ended(job, owner, after):
                        return
                    if not await follower.wait(_HEARTBEAT):
                        yield None

    async def _ended(self, job: str, owner: str | None, after: int) -> bool:
        if self._changes.stopped:
            return True
        try:
            row = await self.get(job, owner, whole=False)
        except ProblemError:
            return True
        except UNUSABLE:
            return False
        return row.status in FINISHED and row.sequence <= after

    async def expire(self, retention: timedelta | None) -> None:
        """Delete finished jobs when their time is up, for ever."""
        if retention is None:
            return
        seconds = retention.total_seconds()
        while True:
            await self._delete_expired(seconds)
            first = await self._database.look(jobs.next_to_expire)
            pause = seconds if first is None else first + seconds - self._now()
            await anyio.sleep(min(_LONGEST, max(0.5, pause)))

    async def _delete_expired(self, seconds: float) -> None:
        before = self._now() - seconds
        try:
            await self._database.write(partial(webhooks.forget_pings, before=before))
            while those := await self._database.look(
                lambda connection: jobs.expired(connection, self._now() - seconds)
            ):
                await self._database.write(partial(_removed, those=those))
                await anyio.to_thread.run_sync(self._database.forget)
        except UNUSABLE:  # a full disk: later
            await anyio.sleep(1.0)

    async def counts(self) -> dict[str, int]:
        """How many jobs there are of each status."""
        return await self._database.look(jobs.counts)


def _removed(connection: Connection, those: Sequence[str]) -> None:
    jobs.remove(connection, *those)


def _told(connection: Connection, job: str, after: int) -> Sequence[Row[Any]]:
    return jobs.told(connection, job, after)


def _of(row: Row[Any] | None, owner: str | None, job: str) -> Row[Any]:
    """A row of an owner, or of anybody. Raises ProblemError where there is none: another's is none."""
    if row is None or (owner is not None and row.owner != owner):
        raise _unknown(job)
    return row


def _unknown(job: str) -> ProblemError:
    return ProblemError(404, f"there is no job {json.dumps(job[:60])}")
