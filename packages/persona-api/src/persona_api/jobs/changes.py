"""Who follows a job hears that there is news; what the news is stands in the database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import anyio
from anyio.from_thread import BlockingPortal


class Follower:
    """Somebody who waits for news of a job."""

    def __init__(self) -> None:
        self._news = anyio.Event()

    def look_away(self) -> None:
        """Forget the news so far; done before looking, so that none between looking and waiting is missed."""
        self._news = anyio.Event()

    async def wait(self, seconds: float) -> bool:
        """Wait for news, so long at most; gives whether there are some."""
        with anyio.move_on_after(seconds):
            await self._news.wait()
        return self._news.is_set()

    def tell(self) -> None:
        """Say that there is news."""
        self._news.set()


class Changes:
    """Wakes those who follow a job, from any thread."""

    def __init__(self, portal: BlockingPortal) -> None:
        """On the server's event loop, which `portal` leads to."""
        self._portal, self._here = portal, threading.get_ident()
        self._followers: dict[str, set[Follower]] = {}
        self._also: list[Callable[[], None]] = []
        self.stopped = False
        """Whether the server stops."""

    def tell(self, job: str) -> None:
        """Say that a job changed; from any thread."""
        if threading.get_ident() == self._here:
            self._wake(job)
        else:
            with suppress(RuntimeError):  # the server has ended
                self._portal.start_task_soon(self._wake, job)

    def also(self, tell: Callable[[], None]) -> None:
        """Tell somebody of every change, of whichever job; on the server's event loop."""
        self._also.append(tell)

    @contextmanager
    def following(self, job: str) -> Iterator[Follower]:
        """Follow a job for the length of a block."""
        follower = Follower()
        self._followers.setdefault(job, set()).add(follower)
        try:
            yield follower
        finally:
            self._followers[job].discard(follower)
            if not self._followers[job]:
                del self._followers[job]

    def heard(self, job: str) -> None:
        """Wake who follows a job, and nobody else; on the server's event loop."""
        for follower in self._followers.get(job, ()):
            follower.tell()

    def tell_all(self) -> None:
        """Say that there may be news of any job; on the server's event loop."""
        for job in list(self._followers):
            self._wake(job)
        for tell in self._also:
            tell()

    def stop(self) -> None:
        """Let everybody go."""
        self.stopped = True
        self.tell_all()

    def _wake(self, job: str) -> None:
        self.heard(job)
        for tell in self._also:
            tell()
