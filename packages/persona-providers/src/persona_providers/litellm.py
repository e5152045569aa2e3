"""Any model that litellm reaches, as a Provider: limited, retried, priced."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from persona_core.errors import ConfigurationError, ProviderError
from persona_core.models.completion import Completion, ModelLimits, Prompt
from persona_core.models.persona import Usage
from persona_providers.adapter import Adapter
from persona_providers.catalogue import limits_of
from persona_providers.errors import AnswerLostError
from persona_providers.limits import Limits
from persona_providers.retrying import Policy, persist


class LiteLLMProvider:
    """Answers prompts by a model of litellm's, `openai/gpt-5-mini`, on asyncio.

    A context manager; one event loop for life. `timeout` is in seconds, for one try; all tries together take at most
    twice that. `context` and `assume_price` are those of `limits_of`.
    """

    def __init__(
        self,
        model: str,
        *,
        limits: Limits | None = None,
        timeout: float = 120.0,
        context: int | None = None,
        assume_price: float | None = None,
        api_base: str | None = None,
        api_key: str | None = None,
    ) -> None:
        self.model = model
        self._adapter = Adapter(model, api_base=api_base, api_key=api_key, timeout=timeout)
        self._turns, self._policy = limits or Limits(), Policy(timeout)
        self._context, self._assumed = context, assume_price
        self._takes_schema = True

    async def __aenter__(self) -> LiteLLMProvider:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; litellm shares them between all providers of a process."""
        await self._adapter.aclose()

    @cached_property
    def limits(self) -> ModelLimits:
        """What the model takes and costs; imports litellm."""
        return limits_of(self.model, self._context, assume_price=self._assumed)

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt.

        Raises ProviderError; ConfigurationError for a model that is not known, or has no known price under a budget.
        """
        await self._adapter.ready()
        once = partial(self._once, prompt)
        return await persist(
            once, policy=self._policy, limits=self._turns, largest=self._largest(prompt), cost=_cost
        )

    def _largest(self, prompt: Prompt) -> float:
        """The most dollars one try may cost: a token is a byte or more, and the answer ends at its limit."""
        if self._turns.budget is None:
            return 0.0
        asked = json.dumps(prompt.model_dump(mode="json"), ensure_ascii=False)
        cost = self.limits.cost(len(asked.encode("utf-8", "surrogatepass")), prompt.max_tokens)
        if cost is None:
            message = f"the price of {self.model} is not known, so no budget can be kept: give a price to assume (--assume-price)"
            raise ConfigurationError(message)
        return cost

    async def _once(self, prompt: Prompt) -> Completion:
        """Ask once; where the model refuses a schema beside the prompt, at once again with the schema in it."""
        beside = self._takes_schema and prompt.answer_schema is not None and self._knows("response_format")
        try:
            return await self._ask(prompt, beside=beside)
        except ProviderError as error:
            # A refusal may be of anything; which of it is shown by asking without.
            if not beside or type(error) is not ProviderError:
                raise
        completion = await self._ask(prompt, beside=False)
        self._takes_schema = False
        return completion

    def _knows(self, parameter: str) -> bool:
        """Whether litellm passes a parameter on to this model; else it would drop it and say nothing."""
        known = self._adapter.library.get_supported_openai_params(model=self.model)
        return known is None or parameter in known

    async def _ask(self, prompt: Prompt, *, beside: bool) -> Completion:
        messages = [{"role": message.role, "content": message.text} for message in prompt.messages]
        extra: dict[str, Any] = {}
        if prompt.answer_schema is not None:
            if beside:
                extra["response_format"] = _response_format(prompt.name, prompt.answer_schema)
            else:
                messages[-1]["content"] += _spelt_out(prompt.answer_schema)
        settings = {"max_tokens": prompt.max_tokens, "temperature": prompt.temperature, "seed": prompt.seed}
        answer = await self._adapter.call("acompletion", messages=messages, **settings, **extra)
        return self._read(answer)

    def _read(self, answer: Any) -> Completion:
        if not answer.choices:
            raise AnswerLostError(f"{self.model} sent an answer that holds none")
        choice = answer.choices[0]
        read, written = answer.usage.prompt_tokens or 0, answer.usage.completion_tokens or 0
        cost = answer._hidden_params.get("response_cost")  # litellm's own; it knows of caches and tiers
        if not read and not written:
            cost = None  # what is missing arrives as zero
        elif cost is None and self._assumed is not None:
            cost = self.limits.cost(read, written)
        return Completion(
            text=choice.message.content or "",
            model=answer.model or self.model,
            finish_reason=choice.finish_reason or "stop",
            usage=Usage(prompt_tokens=read, completion_tokens=written, cost_usd=cost),
        )


def _cost(completion: Completion) -> float | None:
    return completion.usage.cost_usd


def _response_format(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    named = {"name": "".join(c if c.isalnum() else "_" for c in name), "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": {**named, "strict": _closed(schema)}}


def _closed(schema: Any) -> bool:
    """Whether every object in a schema has all its keys and no others: what strict answers ask for."""
    if isinstance(schema, list):
        return all(map(_closed, schema))
    if not isinstance(schema, Mapping):
        return True
    whole = set(schema.get("required", ())) == set(schema.get("properties", ()))
    shut = schema.get("type") != "object" or (whole and schema.get("additionalProperties") is False)
    return shut and all(map(_closed, schema.values()))


def _spelt_out(schema: Mapping[str, Any]) -> str:
    text = json.dumps(schema, ensure_ascii=False)
    return f"\n\nAnswer with nothing but one JSON object that fits this JSON Schema:\n{text}"
