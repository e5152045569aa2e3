"""Texts as vectors, by a model of litellm's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

import anyio

from persona_core.errors import ConfigurationError
from persona_core.models.completion import ModelLimits
from persona_providers.adapter import Adapter
from persona_providers.catalogue import limits_of
from persona_providers.limits import Limits
from persona_providers.retrying import Policy, persist

_BATCH = 96


class LiteLLMEmbedder:
    """Turns texts into vectors by `model`, `openai/text-embedding-3-small`; arguments as for LiteLLMProvider."""

    def __init__(
        self,
        model: str,
        *,
        limits: Limits | None = None,
        timeout: float = 120.0,
        assume_price: float | None = None,
        api_base: str | None = None,
        api_key: str | None = None,
    ) -> None:
        self.model = model
        self._adapter = Adapter(model, api_base=api_base, api_key=api_key, timeout=timeout)
        self._turns, self._policy = limits or Limits(), Policy(timeout)
        self._assumed = assume_price

    async def aclose(self) -> None:
        """Close the connections; litellm shares them between all providers of a process."""
        await self._adapter.aclose()

    @cached_property
    def limits(self) -> ModelLimits:
        """What the model takes and costs; imports litellm."""
        return limits_of(self.model, assume_price=self._assumed)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Give a vector for each text, in their order; batches are asked for side by side.

        Raises ProviderError, the first there is.
        """
        await self._adapter.ready()
        batches = [list(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        found: dict[int, list[list[float]]] = {}

        async def one(number: int) -> None:
            found[number] = await self._batch(batches[number])

        try:
            async with anyio.create_task_group() as tasks:
                for number in range(len(batches)):
                    tasks.start_soon(one, number)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        return [vector for number in range(len(batches)) for vector in found[number]]

    async def _batch(self, texts: list[str]) -> list[list[float]]:
        call = partial(self._adapter.call, "aembedding", input=texts)
        answer: Any = await persist(
            call, policy=self._policy, limits=self._turns, largest=self._largest(texts), cost=_cost
        )
        rows = sorted(answer.data, key=lambda row: row["index"])
        return [row["embedding"] for row in rows]

    def _largest(self, texts: list[str]) -> float:
        if self._turns.budget is None:
            return 0.0
        price = self.limits.input_price
        if price is None:
            message = (
                f"the price of {self.model} is not known, so no budget can be kept: give a price to assume"
            )
            raise ConfigurationError(message)
        return price * sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1_000_000


def _cost(answer: Any) -> float | None:
    cost: float | None = answer._hidden_params.get("response_cost")
    return cost
