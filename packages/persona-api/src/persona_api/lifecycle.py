"""A server from its start to its end: what it is made of, and in which order that is let go."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

import anyio
import anyio.to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal

from persona_api.addresses import AddressPolicy
from persona_api.auth import Guard
from persona_api.clock import Clock
from persona_api.engines.embedded import Embedded
from persona_api.engines.engine import Begin, Engine
from persona_api.jobs import Generation, Jobs
from persona_api.jobs.changes import Changes
from persona_api.limits import Rate
from persona_api.metrics import Metrics
from persona_api.operations import Server
from persona_api.settings import Settings
from persona_api.store import Database, keys, open_database
from persona_api.store.sharing import DUE
from persona_api.webhooks import Dispatcher, Seal, Sending, Webhooks
from persona_api.working import Working
from persona_core.errors import ConfigurationError

_TURN = 0.0005
"""Seconds of one thread's turn."""
_LAST = 30.0
"""Seconds after those that jobs are given, in which a process has ended."""


def check_reach(settings: Settings, database: Database) -> None:
    """Refuse to serve others without a key. Raises ConfigurationError."""
    if settings.loopback or settings.insecure_no_auth or settings.auth_token is not None:
        return
    if not database.look_now(keys.any_key):
        raise ConfigurationError(
            f"{settings.host} can be reached by others: give --auth-token or make a key with `persona keys create`, or say "
            "--insecure-no-auth where something in front of the server asks for keys"
        )


@asynccontextmanager
async def running(
    settings: Settings, given: Database | None, *, serving: bool = True
) -> AsyncIterator[Server]:
    """What a server or, where it is not `serving`, a worker is, with its engine under way.

    A worker deletes nothing, and delivers where it knows what links begin with: it may be told less than the servers.
    At the end jobs get their time, and what is left waits for the next start, or goes to other processes.
    """
    database = open_database(settings.url) if given is None else given
    async with BlockingPortal() as here:
        with ExitStack() as closing:
            if given is None:
                closing.callback(database.close)
            now, changes = Clock(database.time()), Changes(here)
            portal = _Portal()
            closing.callback(portal.close)
            changed = _nobody if database.shared else changes.tell  # there the database tells everybody
            begin = partial(
                Generation, database=database, settings=settings, portal=portal, now=now, changed=changed
            )
            engine = _engine(database, begin, now, settings.concurrency)
            jobs = Jobs(database, engine, changes, now, settings.max_queued)
            seal = Seal.of(settings.secret_key_file, database.key_file)
            policy = AddressPolicy(settings.allow_http_webhooks, settings.allow_webhook_network)
            sending = Sending(policy, settings.base_url, settings.webhook_retry_schedule)
            dispatcher = Dispatcher(database, seal, sending, now)
            changes.also(dispatcher.due)
            server = Server(
                settings=settings,
                database=database,
                engine=engine,
                jobs=jobs,
                webhooks=Webhooks(database, seal, policy, now, dispatcher.due),
                changes=changes,
                guard=Guard(settings, database),
                rate=Rate(settings.rate_limit, database, now),
                metrics=Metrics(),
                portal=portal,
                now=now,
                working=Working(),
            )
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(engine.run)
                tasks.start_soon(database.news, partial(_heard, engine, changes, dispatcher))
                if serving or settings.public_url:
                    tasks.start_soon(dispatcher.run)
                if serving:
                    tasks.start_soon(jobs.expire, settings.retention)
                yield server
                changes.stop()
                async with anyio.create_task_group() as ending:
                    ending.start_soon(dispatcher.drain, settings.graceful)
                    ending.start_soon(engine.drain, settings.graceful)
                tasks.cancel_scope.cancel()


def _engine(database: Database, begin: Begin, now: Clock, concurrency: int) -> Engine:
    if not database.shared:
        return Embedded(database, begin, now, concurrency)
    from persona_api.engines.procrastinate import Distributed  # its packages are there where PostgreSQL's are

    return Distributed(database, begin, now, concurrency)


def _nobody(_job: str) -> None:
    """Tell nobody."""


def _heard(engine: Engine, changes: Changes, dispatcher: Dispatcher, kind: str, job: str) -> None:
    """Pass on what processes that share the database tell."""
    if kind == DUE:
        dispatcher.due()
    elif not job:
        changes.tell_all()
    else:
        changes.heard(job)
    if kind == "generation.cancelled":
        engine.stop_job(job)


def take_turns() -> None:
    """Let threads that make personas soon make way for the one that answers and shows signs of life."""
    sys.setswitchinterval(_TURN)


def end_soon(settings: Settings) -> None:
    """End the process at last although a thread of it waits for a database that never answers: nothing is lost by that."""
    last = threading.Timer(settings.graceful + _LAST, os._exit, (1,))
    last.daemon = True
    last.start()


class _Portal:
    """The event loop on which models are asked: made when first needed, one for life."""

    def __init__(self) -> None:
        self._open, self._lock = ExitStack(), threading.Lock()
        self._portal: BlockingPortal | None = None

    def __call__(self) -> BlockingPortal:
        with self._lock:
            if self._portal is None:
                self._portal = self._open.enter_context(start_blocking_portal())
            return self._portal

    def close(self) -> None:
        """End it with all that is under way on it."""
        if self._portal is not None:
            self._portal.start_task_soon(self._portal.stop, True)
            self._open.close()
