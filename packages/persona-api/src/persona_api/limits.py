"""How much one key may ask: requests a minute, and the size of a body while it is read."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import anyio
from sqlalchemy import Connection
from starlette.types import Message, Receive

from persona_api.problems import ProblemError
from persona_api.store import Database, rates

_KEPT = 10_000
"""Keys whose last minute is remembered."""
_DIGITS = 18
"""Of a length that can be true."""


class Rate:
    """So many requests a minute for each key, as a bucket that fills evenly; 0 for any number.

    Where several servers share the database the buckets stand there; else here.
    """

    def __init__(self, per_minute: int, database: Database, now: Callable[[], float]) -> None:
        self._per_minute, self._database, self._now = per_minute, database, now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str) -> dict[str, str]:
        """Count a request; gives the headers that say how much is left. Raises ProblemError where nothing is."""
        if not self._per_minute:
            return {}
        if self._database.shared:
            left = await self._database.write(lambda connection: self._taken_for_all(connection, key))
        else:
            left = self._taken(key)
        enough = left >= 1
        wait = max(1, round(60 * (1 - left) / self._per_minute + 0.5))
        headers = {
            "RateLimit-Policy": f'"key";q={self._per_minute};w=60',
            "RateLimit": f'"key";r={int(max(0, left - 1))};t={0 if enough else wait}',
        }
        if enough:
            return headers
        detail = f"this key may ask {self._per_minute} times a minute: wait {wait} seconds"
        raise ProblemError(429, detail, headers={**headers, "Retry-After": str(wait)})

    def _taken(self, key: str) -> float:
        now = self._now()
        left = self._filled(*self._buckets.pop(key, (float(self._per_minute), now)), now)
        self._buckets[key] = (_less(left), now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return left

    def _taken_for_all(self, connection: Connection, key: str) -> float:
        now, bucket = self._now(), rates.held(connection, key)
        left = float(self._per_minute) if bucket is None else self._filled(*bucket, now)
        rates.keep(connection, key, _less(left), now, new=bucket is None)
        return left

    def _filled(self, left: float, at: float, now: float) -> float:
        """What a bucket holds after so long."""
        return min(float(self._per_minute), left + max(0.0, now - at) * self._per_minute / 60)


def _less(left: float) -> float:
    """What is left of a bucket once a request was counted, where there was enough for one."""
    return left - 1 if left >= 1 else left


@dataclass(frozen=True, slots=True)
class Allowed:
    """How long a body may be, in bytes and in seconds."""

    size: int
    idle: float
    """Seconds without a byte."""
    total: float
    """Seconds from the first byte to the last."""


def at_most(allowed: Allowed, declared: str | None, receive: Receive) -> Receive:
    """Read a body no further than is allowed, and wait no longer.

    Raises ProblemError at once where the body says that it is longer (413), else while it is read (413, 408).
    """
    too_long = ProblemError(
        413, f"the body is longer than {allowed.size:,} bytes; send less, or ask for more (--max-body)"
    )
    if (
        declared is not None
        and declared.isdecimal()
        and (len(declared) > _DIGITS or int(declared) > allowed.size)
    ):
        raise too_long
    read, until = 0, time.monotonic() + allowed.total

    async def counted() -> Message:
        nonlocal read
        try:
            with anyio.fail_after(min(allowed.idle, until - time.monotonic())):
                message = await receive()
        except TimeoutError:
            late = "the body did not come in time: send it again"
            raise ProblemError(408, late, headers={"Connection": "close"}) from None
        read += len(message.get("body", b""))
        if read > allowed.size:
            raise too_long
        return message

    return counted
