"""From a model's name to a provider with everything around it."""

from __future__ import annotations

from typing import Protocol

from persona_core.models.completion import Completion, ModelLimits, Prompt
from persona_providers.journal import Journal, Journalled
from persona_providers.limits import Budget, Limits
from persona_providers.litellm import LiteLLMProvider


class OpenProvider(Protocol):
    """A Provider that holds connections, and knows what its model takes and costs."""

    model: str

    @property
    def limits(self) -> ModelLimits:
        """What the model takes and costs; imports litellm."""
        ...

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt, as Provider does."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class _Journalled(Journalled):
    """The journal in front of a model, which it closes with."""

    def __init__(self, provider: OpenProvider, journal: Journal) -> None:
        super().__init__(provider, journal)
        self._open = provider

    @property
    def limits(self) -> ModelLimits:
        return self._open.limits

    async def aclose(self) -> None:
        await self._open.aclose()


def provider(
    model: str,
    *,
    timeout: float = 120.0,
    concurrency: int = 8,
    rpm: int | None = None,
    budget: float | None = None,
    assume_price: float | None = None,
    context: int | None = None,
    journal: Journal | None = None,
    api_base: str | None = None,
    api_key: str | None = None,
) -> OpenProvider:
    """Make a provider of `model`, any name of litellm's; nothing is imported or called before the first prompt.

    The journal answers first; then a call waits for its turn (`concurrency` at once, `rpm` a minute, within `budget`
    US dollars, of which the journal's answers have spent theirs), each retry anew. `timeout` is in seconds, for one try. Close it with `aclose()`; the journal stays open.
    """
    spent = 0.0 if journal is None else journal.spent(assume_price)
    limits = Limits(
        concurrency=concurrency,
        rpm=rpm,
        budget=None if budget is None else Budget(budget, spent),
        unsettled=None if journal is None else journal.count,
    )
    asked = LiteLLMProvider(
        model,
        limits=limits,
        timeout=timeout,
        context=context,
        assume_price=assume_price,
        api_base=api_base,
        api_key=api_key,
    )
    return asked if journal is None else _Journalled(asked, journal)
