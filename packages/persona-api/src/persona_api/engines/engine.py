"""What an engine is, and what it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class UnfitError(Exception):
    """This process cannot do the job, but another may: one with other settings, or of a later version."""


class Attempt(Protocol):
    """A job under way, in a thread of the engine's."""

    def run(self) -> None:
        """Do it, to its end or until it is stopped; every change is in the database when this returns.

        Raises UnfitError where it should wait for another process.
        """
        ...

    def stop(self) -> None:
        """End it soon; from any thread, any number of times."""
        ...


Begin = Callable[[str, int], Attempt]
"""Makes an attempt of a job and the attempt's number."""


class Engine(Protocol):
    """Decides when and where jobs run that the database holds."""

    @property
    def running(self) -> int:
        """How many jobs are under way in this process."""
        ...

    def wake(self) -> None:
        """Say that a job waits; on the server's event loop."""
        ...

    def stop_job(self, job: str) -> None:
        """End a job that is under way here, where it is; on the server's event loop."""
        ...

    async def run(self) -> None:
        """Run jobs until `drain`."""
        ...

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, give those under way so many seconds to end, and let the rest wait for whoever comes next."""
        ...
