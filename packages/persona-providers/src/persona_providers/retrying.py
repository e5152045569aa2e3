"""The one retry policy: exponential waits with jitter, the host's Retry-After, and a deadline over all."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio

from persona_core.errors import ProviderError, RateLimitError
from persona_providers.errors import MORE_TIME, AnswerLostError, UnreachableError
from persona_providers.limits import Limits

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how long a call is tried again."""

    timeout: float = 120.0
    """Seconds for one try."""
    tries: int = 10
    unreachable_tries: int = 3
    """Tries where nothing answers at the address: it is more often wrong than slow."""

    @property
    def deadline(self) -> float:
        """Seconds for all tries and the waits between them; waiting for a turn does not count."""
        return 2 * self.timeout

    def wait(self, tried: int, error: ProviderError) -> float | None:
        """Seconds to wait after `tried` tries, the last of which ended in `error`; nothing: give up."""
        tries = self.unreachable_tries if isinstance(error, UnreachableError) else self.tries
        if not error.retryable or tried >= tries:
            return None
        first, longest = min(0.5, self.timeout / 60), min(20.0, self.timeout / 6)
        wait = min(longest, first * 2.0 ** (tried - 1)) * random.uniform(0.5, 1)  # noqa: S311 - spreads load, hides nothing
        return wait if error.retry_after is None else error.retry_after + wait / 4


async def persist(
    attempt: Callable[[], Awaitable[T]],
    *,
    policy: Policy,
    limits: Limits,
    largest: float = 0.0,
    cost: Callable[[T], float | None] = lambda _result: None,
) -> T:
    """Await `attempt()` until it succeeds, each time with a turn of its own.

    Raises the last ProviderError once the policy gives up, or the next wait would end after the deadline.
    """
    left, tried = policy.deadline, 0
    while True:
        tried += 1
        begun = None
        try:
            async with limits.turn(largest) as turn:
                begun = anyio.current_time()
                result = await _within(left, attempt)
                turn.cost = cost(result)
                return result
        except ProviderError as error:
            left -= anyio.current_time() - begun if begun is not None else 0.0
            wait = policy.wait(tried, error)
            if wait is None or wait >= left:
                raise
            if isinstance(error, RateLimitError) and error.retry_after is not None:
                limits.pause(error.retry_after)
        await anyio.sleep(wait)
        left -= wait


async def _within(seconds: float, attempt: Callable[[], Awaitable[T]]) -> T:
    try:
        with anyio.fail_after(seconds):
            return await attempt()
    except TimeoutError:
        message = f"the model did not answer in time, and no time is left to try again: {MORE_TIME}"
        raise AnswerLostError(message, retryable=False) from None
