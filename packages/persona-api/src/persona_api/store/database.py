"""What is asked of a database, whichever it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from logging import Logger
from pathlib import Path
from typing import ClassVar, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from persona_api import faults

T = TypeVar("T")
UNUSABLE = (DBAPIError, NoConnectionError)
"""What is raised where the database cannot be used now: a full disk, a network that is cut, a server that restarts."""


class Database(ABC):
    """Transactions over one schema. All waiting is beside the event loop, or too short to matter."""

    shared: ClassVar[bool]
    """Whether other processes change it, too."""
    engine: Engine
    conninfo: str = ""
    """How PostgreSQL's own clients reach it."""
    key_file: Path | None = None
    """Where the key that seals webhooks' secrets may stand, beside it; nothing where there is no such place."""

    @abstractmethod
    async def write(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """Run `work` in a transaction; `durable`: on disk before this returns. Where it was in another's way, again."""

    async def insist(self, log: Logger, work: Callable[[Connection], T]) -> T:
        """Write, again and again where it cannot be written to, and log why: a full disk may be emptied."""
        while True:
            try:
                return await self.write(work)
            except UNUSABLE as error:
                faults.unusable(log, error)
                await anyio.sleep(1.0)

    @abstractmethod
    def write_now(self, work: Callable[[Connection], T], durable: bool = False) -> T:
        """The same in the thread that asks, which must not be the server's event loop's."""

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which looks up single rows."""

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which looks up more than single rows, in a thread with a connection of its own."""
        return await anyio.to_thread.run_sync(self.look_now, work)

    def look_now(self, work: Callable[[Connection], T]) -> T:
        """The same in the thread that asks."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return work(connection)

    @abstractmethod
    def time(self) -> float:
        """Seconds since 1970, by the clock that all who write here go by."""

    @abstractmethod
    def forget(self) -> None:
        """Overwrite what was deleted and still stands somewhere, as far as that can be done at once."""

    @abstractmethod
    async def news(self, heard: Callable[[str, str], None]) -> None:
        """Call `heard(kind, job)` for each event that any process tells, for ever; both empty: look at all.

        The kind is that of a job's event, or says that a delivery is due. Nothing where no other process is.
        """

    @abstractmethod
    def close(self) -> None:
        """Close all connections and let another process in."""
