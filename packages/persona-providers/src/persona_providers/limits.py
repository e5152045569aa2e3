"""How much may be asked at once, per minute, and for how much money."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from persona_core.errors import BudgetExceededError, ConfigurationError, PersonaError
from persona_providers.errors import AnswerLostError


class Budget:
    """US dollars that may be spent, `spent` of them before. Each call reserves the most it may cost before it is made."""

    def __init__(self, usd: float, spent: float = 0.0) -> None:
        if not usd >= 0:
            raise ConfigurationError(f"a budget is zero dollars or more, not {usd}")
        self.usd = usd
        self.spent = spent
        self._reserved, self._open = 0.0, 0
        self._settled = anyio.Event()

    async def reserve(self, largest: float) -> None:
        """Set `largest` dollars aside, once calls under way leave room for it.

        Raises BudgetExceededError where they cannot.
        """
        while self.spent + self._reserved + largest > self.usd:
            if not self._open or self.spent + largest > self.usd:
                message = f"the next call may cost up to ${largest:.4f}, and ${self.spent:.4f} of ${self.usd:.4f} are spent: raise the budget"
                raise BudgetExceededError(message, spent=self.spent, budget=self.usd)
            await self._settled.wait()
        self._reserved += largest
        self._open += 1

    def settle(self, largest: float, cost: float) -> None:
        """Give back what was reserved, and take what it cost."""
        self.spent += cost
        self._open -= 1
        self._reserved = self._reserved - largest if self._open else 0.0
        self._settled.set()
        self._settled = anyio.Event()


class Turn:
    """Leave to make one call, and what it cost in US dollars; nothing where nobody knows."""

    cost: float | None = None
    answered: bool = False


class Limits:
    """Hands out turns: `concurrency` at once, `rpm` in any `period` of seconds, within `budget`.

    One for all that should share them; for one event loop. `unsettled` hears of calls whose cost nobody knows: what they
    count for in US dollars, and whether their answer was lost.
    """

    def __init__(
        self,
        *,
        concurrency: int = 8,
        rpm: int | None = None,
        budget: Budget | None = None,
        period: float = 60.0,
        unsettled: Callable[[float, bool], None] | None = None,
    ) -> None:
        if concurrency < 1 or (rpm is not None and rpm < 1):
            raise ConfigurationError("concurrency and requests per minute are 1 or more")
        self.budget, self._unsettled = budget, unsettled
        self._slots = anyio.CapacityLimiter(concurrency)
        self._period, self._begun = period, deque[float](maxlen=rpm or 1)
        self._paced, self._pausing = rpm is not None, 0.0
        self._line = anyio.Lock()

    @asynccontextmanager
    async def turn(self, largest: float = 0.0) -> AsyncIterator[Turn]:
        """Wait for a turn; `largest` is the most US dollars it may cost, and what it counts for unless its `cost` is set.

        A call that failed cost nothing, unless its answer may be what was lost.
        """
        async with self._slots:
            if self.budget is not None:
                await self.budget.reserve(largest)
            turn = Turn()
            turn.cost = 0.0  # until it begins
            try:
                await self._next()
                turn.cost = None
                yield turn
                turn.answered = True
            except PersonaError as error:
                turn.cost = None if isinstance(error, AnswerLostError) else 0.0
                raise
            finally:
                self._settle(turn, largest)

    def _settle(self, turn: Turn, largest: float) -> None:
        if self._unsettled and turn.cost is None and (largest or not turn.answered):
            self._unsettled(largest, not turn.answered)
        if self.budget is not None:
            self.budget.settle(largest, largest if turn.cost is None else turn.cost)

    def pause(self, seconds: float) -> None:
        """Begin no call for so long: the model's host asked for it."""
        self._pausing = max(self._pausing, anyio.current_time() + seconds)

    async def _next(self) -> None:
        async with self._line:
            # A pause may be asked for during the wait.
            while (wait := self._opens() - anyio.current_time()) > 0:  # noqa: ASYNC110 - a time is waited for
                await anyio.sleep(wait)
            self._begun.append(anyio.current_time())

    def _opens(self) -> float:
        """When the next call may begin."""
        full = self._paced and len(self._begun) == self._begun.maxlen
        return max(self._pausing, self._begun[0] + self._period if full else 0.0)
