"""The time, which does not jump while a server runs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache


class Clock:
    """Seconds since 1970: the database's clock at the start, counted on by one that nobody can set.

    A wall clock that is set while the server runs would delete jobs before their time, or keep them for ever.
    """

    def __init__(self, wall: float) -> None:
        self._wall, self._begun = wall, time.monotonic()

    def __call__(self) -> float:
        """The seconds now."""
        return self._wall + time.monotonic() - self._begun


@lru_cache(maxsize=4096)
def instant(at: float | None) -> str | None:
    """A time of the database as it goes over the wire."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
