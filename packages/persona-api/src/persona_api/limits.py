"""How much one key may ask: requests a minute, and the size of a body while it is read."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

import anyio
from starlette.types import Message, Receive

from persona_api.problems import ProblemError

_KEPT = 10_000
"""Keys whose last minute is remembered."""
_DIGITS = 18
"""Of a length that can be true."""


class Rate:
    """So many requests a minute for each key, as a bucket that fills evenly; 0 for any number."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> dict[str, str]:
        """Count a request; gives the headers that say how much is left. Raises ProblemError where nothing is."""
        if not self._per_minute:
            return {}
        now = time.monotonic()
        left, at = self._buckets.pop(key, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - at) * self._per_minute / 60)
        enough = left >= 1
        self._buckets[key] = (left - 1 if enough else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        wait = max(1, round(60 * (1 - left) / self._per_minute + 0.5))
        headers = {
            "RateLimit-Policy": f'"key";q={self._per_minute};w=60',
            "RateLimit": f'"key";r={int(max(0, left - 1))};t={0 if enough else wait}',
        }
        if enough:
            return headers
        detail = f"this key may ask {self._per_minute} times a minute: wait {wait} seconds"
        raise ProblemError(429, detail, headers={**headers, "Retry-After": str(wait)})


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
