"""Working: jobs and deliveries of a database that servers share, without serving anything."""

from __future__ import annotations

import signal
from collections.abc import Callable

import anyio

from persona_api.lifecycle import end_soon, running, take_turns
from persona_api.settings import Settings
from persona_api.store import Database, is_shared, open_database
from persona_core.errors import ConfigurationError


def work(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Run jobs until told to stop (SIGINT, SIGTERM); `ready` is called once it does.

    It delivers, too, where it is told a `public_url` and the key that seals secrets.
    Raises ConfigurationError where the database is not shared, or cannot be used.
    """
    if not is_shared(settings.url):
        raise ConfigurationError(
            "a worker needs a database that servers share: give --database postgresql://…; a server on SQLite runs its jobs "
            "itself"
        )
    if settings.concurrency < 1:
        raise ConfigurationError("a worker's concurrency is at least 1")
    take_turns()
    database = open_database(settings.url)
    try:
        anyio.run(_until_told, settings, database, ready)
    finally:
        database.close()


async def _until_told(settings: Settings, database: Database, ready: Callable[[], None]) -> None:
    async with running(settings, database, serving=False):
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as told:
            ready()
            async for _ in told:
                end_soon(settings)
                return
