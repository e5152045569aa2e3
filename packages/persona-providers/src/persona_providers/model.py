"""A model as the product asks it: journalled, within budget, retried, paced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from persona_core.models.completion import Completion, ModelLimits, Prompt
from persona_core.provider import Provider
from persona_providers.journal import Journal, Journalled, Replayed
from persona_providers.limits import Budget, Pace
from persona_providers.litellm import LiteLLMProvider, limits_of
from persona_providers.retrying import retried
from persona_providers.settings import Access, access


class Model:
    """A provider over litellm with one policy for retries, limits and budget."""

    def __init__(
        self, reached: Access, limits: ModelLimits, *, timeout: float, pace: Pace, budget: Budget | None
    ) -> None:
        self.model = reached.model
        self._inner = LiteLLMProvider(reached, limits)
        self._host, self._timeout, self._pace, self._budget = reached.host, timeout, pace, budget

    async def complete(self, prompt: Prompt) -> Completion:
        """Ask, as often as the policy allows."""
        reserved = await self._budget.reserve(prompt) if self._budget else 0.0
        completion: Completion | None = None
        try:
            async with (
                self._pace.turn()
            ):  # a call that waits to be tried again keeps its place: the host asked for less
                completion = await retried(
                    lambda: self._inner.complete(prompt), seconds=self._timeout, host=self._host
                )
        finally:
            if self._budget:
                await self._budget.settle(reserved, completion)
        return completion

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class Opened:
    """A provider that is closed when its block ends: connections and journal."""

    def __init__(self, provider: Provider, model: Model | None, journal: Journal | None) -> None:
        self.model = provider.model
        self._provider, self._model, self._journal = provider, model, journal

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt."""
        return await self._provider.complete(prompt)

    async def __aenter__(self) -> Opened:
        """Use it until the block ends."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close connections and journal."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close connections and journal."""
        if self._model is not None:
            await self._model.aclose()
        if self._journal is not None:
            self._journal.close()


def provider(
    model: str,
    *,
    timeout: float = 120.0,
    concurrency: int = 8,
    rpm: int | None = None,
    budget: float | None = None,
    assume_price: float | None = None,
    context: int | None = None,
    journal: Path | None = None,
    replay: Path | None = None,
    about: Mapping[str, Any] | None = None,
    api_key: str | None = None,
    api_base: str | None = None,
) -> Opened:
    """Open a model by its litellm name.

    `timeout` is seconds for one call, and all tries of it end within twice of that; `budget` is US dollars, `assume_price`
    US dollars for a million tokens of a model whose price nobody knows. `journal` is written and answered from; `replay`
    is only answered from, without a network; `about` opens a new journal. Raises ConfigurationError where a budget cannot be kept.
    """
    if replay is not None:
        kept = Journal(replay, writable=False)
        return Opened(Replayed(kept, model), None, kept)
    limits = limits_of(model, context, assume_price=assume_price)
    kept_budget = Budget(budget, limits) if budget is not None else None
    asked = Model(
        access(model, api_key=api_key, api_base=api_base),
        limits,
        timeout=timeout,
        pace=Pace(concurrency, rpm),
        budget=kept_budget,
    )
    if journal is None:
        return Opened(asked, asked, None)
    written = Journal(journal, about=about)
    return Opened(Journalled(asked, written), asked, written)


def host_of(model: str, api_base: str | None = None) -> tuple[str, bool]:
    """The host that calls to a model go to, and whether that is this machine."""
    reached = access(model, api_base=api_base)
    return reached.host, reached.is_loopback
