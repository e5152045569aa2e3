"""PostgreSQL: shared by any number of processes, each with a few connections."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import psycopg
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from persona_api.store.database import Database
from persona_api.store.migrating import upgrade
from persona_api.store.sharing import CHANNEL
from persona_core.errors import ConfigurationError

_log = logging.getLogger("persona_api.store")
T = TypeVar("T")
_CONNECTIONS, _MORE = 6, 4
"""Connections of a process: kept, and at most for a while beside them."""
_PATIENCE = 10.0
"""Seconds for one look, or for a connection."""
_TRIES = 5
_IN_THE_WAY = {"40001", "40P01", "23505", "23503"}
"""SQLSTATEs of two transactions that met: serialisation, deadlock, the same key at once, what is meant was just deleted."""
_ABANDONED = "SET idle_in_transaction_session_timeout = '10s'"
"""Lets go of rows that a process held when its network was cut."""
_SILENT = 10.0
"""Seconds after which a connection that hears nothing is asked whether it is still there."""
_REACH = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon libpq gives up on a network that is cut."""


class Postgres(Database):
    """A PostgreSQL database. Every transaction is on its disk when it is over."""

    shared = True

    def __init__(self, url: URL) -> None:
        """Connect and migrate. Raises ConfigurationError where it cannot be reached, or is of another era than this code."""
        url = url.set(drivername="postgresql+psycopg")
        reach: dict[str, Any] = {name: value for name, value in _REACH.items() if name not in url.query}
        self._asking, self._threads = anyio.CapacityLimiter(_CONNECTIONS), anyio.CapacityLimiter(math.inf)
        self.engine = create_engine(
            url,
            connect_args=reach,
            hide_parameters=True,  # they are participants' words
            pool_size=_CONNECTIONS,
            max_overflow=_MORE,
            pool_pre_ping=True,
            pool_timeout=_PATIENCE,
        )
        event.listen(self.engine, "connect", _connected)
        try:
            _, given = self.engine.dialect.create_connect_args(url)
            told = {name: value for name, value in given.items() if isinstance(value, (str, int))}
            self.conninfo = psycopg.conninfo.make_conninfo(**{**told, **reach})
            upgrade(self.engine)
        except (DatabaseError, psycopg.Error) as error:
            self.close()
            shown = url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
            why = "its address has a part that PostgreSQL does not know"  # which may be a password
            if not isinstance(error, psycopg.ProgrammingError) or error.sqlstate:
                why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
            raise ConfigurationError(f"the database {shown} cannot be used: {why}") from None
        except BaseException:
            self.close()
            raise

    async def write(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """Run `work` in a transaction, in a thread; again where another transaction was in its way.

        Where the database does not answer in time, it may still be done later. Raises what UNUSABLE names.
        """
        return await self._in_time(partial(self.write_now, work, durable))

    def write_now(self, work: Callable[[Connection], T], durable: bool = False) -> T:  # noqa: ARG002 - it always is
        """Run `work` in a transaction; again where another transaction was in its way."""
        for left in reversed(range(_TRIES)):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if left == 0 or getattr(error.orig, "sqlstate", None) not in _IN_THE_WAY:
                    raise
        raise AssertionError  # pragma: no cover - the last try returns or raises

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a thread: the database may be far away."""
        return await self.look(work)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a thread, and wait no longer than is sensible. Raises what UNUSABLE names."""
        return await self._in_time(partial(self.look_now, work))

    async def _in_time(self, ask: Callable[[], T]) -> T:
        """Wait for a turn as long as it takes, and then for the database only so long: its network may be cut."""
        try:
            async with self._asking:
                with anyio.fail_after(_PATIENCE):
                    return await anyio.to_thread.run_sync(ask, limiter=self._threads, abandon_on_cancel=True)
        except TimeoutError as error:
            raise NoConnectionError("the database does not answer") from error

    def time(self) -> float:
        """The database's clock: those of many machines differ."""
        return self.look_now(
            lambda connection: float(
                connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp())").scalar_one()
            )
        )

    def forget(self) -> None:
        """Nothing: PostgreSQL overwrites what was deleted when it needs the place, or at VACUUM FULL."""

    async def news(self, heard: Callable[[str, str], None]) -> None:
        """Hear what other processes tell; what was missed while nobody listened is said by an empty call."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.conninfo, autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    heard("", "")
                    while True:
                        async for each in connection.notifies(timeout=_SILENT):
                            kind, _, job = each.payload.partition(" ")
                            heard(kind, job)
                        with anyio.fail_after(_PATIENCE):
                            await connection.execute("SELECT 1")
            except (psycopg.Error, OSError) as error:
                _log.error("the database cannot be listened to: %s", type(error).__name__)
            await anyio.sleep(1.0)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _connected(dbapi: psycopg.Connection[Any], _record: object) -> None:
    dbapi.execute(_ABANDONED)
    dbapi.commit()
