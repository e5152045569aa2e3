"""What is computed while somebody waits for it: fair between keys, and no longer than somebody waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request

from persona_api.jobs.stopping import Stoppable
from persona_api.problems import ProblemError

T = TypeVar("T")
_AT_ONCE, _EACH = 4, 2
"""Pieces of work side by side, in all and of one caller: whoever asks most leaves room for the others."""
_WAITING = 64
"""Of one caller, that wait or are under way."""


class Working:
    """Scores, evidence, scripts and audits, on threads beside the jobs."""

    def __init__(self) -> None:
        self._at_once = anyio.CapacityLimiter(_AT_ONCE)
        self._each: dict[str, anyio.CapacityLimiter] = {}
        self._asked: Counter[str] = Counter()

    async def run(self, caller: str, request: Request, work: Callable[[], T]) -> T:
        """Do a piece of work when its turn comes; it is ended where whoever asked hangs up, or the server ends.

        It may be left in the middle: nothing in it may need to be finished once it was begun. Raises ProblemError where
        the caller waits for too much already, ClientDisconnect where nobody waits any more.
        """
        if self._asked[caller] >= _WAITING:
            detail = f"{_WAITING} requests of this key are under way: wait for some to end"
            raise ProblemError(429, detail, headers={"Retry-After": "2"})
        self._asked[caller] += 1
        mine = self._each.setdefault(caller, anyio.CapacityLimiter(_EACH))

        async def in_turn() -> T:
            async with mine:
                return await _on_a_thread(work, self._at_once)

        try:
            return await _while_heard(request, in_turn)
        finally:
            self._asked[caller] -= 1
            if not self._asked[caller]:
                del self._asked[caller], self._each[caller]


async def _while_heard(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Wait for work until whoever asked for it hangs up; the body must have been read."""
    done: list[T] = []
    failed: list[Exception] = []

    async def worked(scope: anyio.CancelScope) -> None:
        try:
            done.append(await work())
        except Exception as error:  # noqa: BLE001 - raised below, out of the group
            failed.append(error)
        scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worked, tasks.cancel_scope)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        tasks.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise ClientDisconnect
    return done[0]


async def _on_a_thread(work: Callable[[], T], limiter: anyio.CapacityLimiter) -> T:
    stopping = Stoppable()

    def stoppable() -> T:
        with stopping.working():
            return work()

    try:
        return await anyio.to_thread.run_sync(stoppable, limiter=limiter, abandon_on_cancel=True)
    except anyio.get_cancelled_exc_class():
        stopping.stop()
        raise
