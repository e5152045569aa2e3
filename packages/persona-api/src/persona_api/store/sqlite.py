"""A SQLite file: held by one process, written by one thread at a time, read by the event loop."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import anyio
import anyio.to_thread
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from persona_api.store.database import Database
from persona_api.store.locking import locked, unlocked
from persona_api.store.migrating import upgrade
from persona_core.errors import ConfigurationError

T = TypeVar("T")


class _Waiting:
    """Something to be written with others."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self._work = work
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None

    def run(self, connection: Connection) -> None:
        """Do it in a savepoint; what goes wrong with it alone is its own. Raises DatabaseError: that is everybody's."""
        savepoint = connection.begin_nested()
        try:
            self.result = self._work(connection)
            savepoint.commit()
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for
            savepoint.rollback()
            self.error = error


def _one_by_one(those: list[_Waiting], connection: Connection) -> None:
    for each in those:
        each.run(connection)


class SqliteFile(Database):
    """A SQLite file that one server holds: one writer at a time, and a reader for the event loop.

    `hold=False` opens it beside the server that holds it, for a few rows.
    """

    shared = False

    def __init__(self, url: URL, *, hold: bool = True) -> None:
        """Open, lock and migrate. Raises ConfigurationError where another process holds it, or it is newer than this code."""
        if not url.database or url.database == ":memory:":
            raise ConfigurationError(f"“{url}” names no file: give sqlite:///FILE")
        self.path = Path(url.database).absolute()
        self.key_file = self.path.with_name(f"{self.path.name}.key")
        self._lock = locked(self.path) if hold else None
        self._writing = threading.Lock()
        self._writer, self._turn = anyio.CapacityLimiter(1), anyio.Lock()
        self._waiting: list[_Waiting] = []
        self._reader: Connection | None = None
        try:
            self.engine = _engine(self.path)
            upgrade(self.engine)
            if hold:
                self.forget()  # what a process deleted and did not live to overwrite
            self._reader = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except (DatabaseError, OSError) as error:
            self.close()
            why = error.orig if isinstance(error, DatabaseError) else error.strerror
            raise ConfigurationError(f"the database {self.path} cannot be used: {why}") from error
        except BaseException:
            self.close()
            raise

    async def write(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """Run `work` in a transaction, in the writer's thread.

        What is to be durable and waits at the same time shares a transaction, and so the disk's time: each in a savepoint,
        so that one that fails takes none with it.
        """
        if not durable:
            return await anyio.to_thread.run_sync(self.write_now, work, limiter=self._writer)
        mine = _Waiting(work)
        self._waiting.append(mine)
        try:
            async with self._turn:
                if not mine.done:
                    together, self._waiting = self._waiting, []
                    await anyio.to_thread.run_sync(self._write_together, together, limiter=self._writer)
        finally:
            if mine in self._waiting:  # nobody took it, and nobody waits for it any more
                self._waiting.remove(mine)
        if mine.error is not None:
            raise mine.error
        return cast("T", mine.result)

    def _write_together(self, those: list[_Waiting]) -> None:
        try:
            self.write_now(partial(_one_by_one, those), durable=True)
        except DatabaseError as error:
            for each in those:
                each.error = error
        finally:
            for each in those:
                each.done = True

    def write_now(self, work: Callable[[Connection], T], durable: bool = False) -> T:
        """Run `work` in a transaction, in the thread that asks, which must not be the server's event loop's."""
        with (
            self._writing,
            self.engine.connect().execution_options(durable=durable) as connection,
            connection.begin(),
        ):
            return work(connection)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` at once, on the event loop."""
        if self._reader is None:
            raise RuntimeError("the database is closed")
        return work(self._reader)

    def time(self) -> float:
        """The machine's: nobody else writes here."""
        return time.time()

    def forget(self) -> None:
        """Overwrite what was deleted and still stands in the log beside the file."""
        with self._writing:
            self.look_now(
                lambda connection: connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            )

    async def news(self, heard: Callable[[str, str], None]) -> None:
        """Nothing: there is no other process."""

    def close(self) -> None:
        """Close all connections and let another process in."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if hasattr(self, "engine"):
            self.engine.dispose()
        if self._lock is not None:
            unlocked(self._lock)
            self._lock = None


def _engine(path: Path) -> Engine:
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False, "timeout": 30},
        hide_parameters=True,  # they are participants' words
    )

    @event.listens_for(engine, "connect")
    def connected(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":  # or reads would take the write lock
            return
        connection.exec_driver_sql("PRAGMA synchronous=" + ("FULL" if options.get("durable") else "NORMAL"))
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
