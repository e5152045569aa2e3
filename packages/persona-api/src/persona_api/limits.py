"""How much one key may ask: requests a minute, and the size of a body while it is read."""

from __future__ import annotations

import time
from collections import OrderedDict

from starlette.types import Message, Receive

from persona_api.problems import ProblemError

_KEPT = 10_000
"""Keys whose last minute is remembered."""


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


def at_most(limit: int, declared: str | None, receive: Receive) -> Receive:
    """Read a body no further than the limit. Raises ProblemError at once where it says that it is longer."""
    too_long = ProblemError(
        413, f"the body is longer than {limit:,} bytes; send less, or ask for more (--max-body)"
    )
    if declared is not None and declared.isdecimal() and int(declared) > limit:
        raise too_long
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise too_long
        return message

    return counted
