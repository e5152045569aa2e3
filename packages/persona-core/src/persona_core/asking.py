"""A schema in, a validated object out: asking a model, with bounded repair."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from persona_core.errors import GenerationError
from persona_core.models.completion import Completion, Message, Prompt
from persona_core.models.persona import Usage
from persona_core.provider import Provider

_REPAIRS = 2
_FENCE = re.compile(r"```(?:json)?\s*(.*?)(?:```|\Z)", re.DOTALL)
Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Answer]):
    """A valid answer, and what it took."""

    value: Answer
    usage: Usage
    calls: int


async def ask(
    provider: Provider,
    prompt: Prompt,
    answer: type[Answer],
    check: Callable[[Answer], str | None] | None = None,
) -> Asked[Answer]:
    """Ask until the answer fits `answer`, at most twice more, each time with what was wrong.

    `check` may find fault with an answer that fits the schema; what it still finds after the last repair is let pass.
    Raises GenerationError where no answer fits, and ProviderError where the model does not answer.
    """
    prompt = prompt.model_copy(update={"answer_schema": strict_schema(answer)})
    usage = Usage()
    last: Answer | None = None
    fault = ""
    for attempt in range(_REPAIRS + 1):
        completion = await provider.complete(prompt)
        usage = add(usage, completion.usage)
        try:
            last = answer.model_validate(parse(completion.text, cut=completion.finish_reason == "length"))
            found = check(last) if check else None
            if found is None:
                return Asked(last, usage, attempt + 1)
            fault = found
        except (ValidationError, ValueError) as error:
            fault = _faults(error, completion)
        prompt = _again(prompt, completion, fault, attempt + 1)
    if last is not None:
        return Asked(last, usage, _REPAIRS + 1)
    raise GenerationError(
        f"the model's answers did not fit what was asked ({prompt.name}), {_REPAIRS + 1} times: {fault}"
    )


def add(one: Usage, other: Usage) -> Usage:
    """Sum usage; an unknown cost makes the sum unknown."""
    cost = None if one.cost_usd is None or other.cost_usd is None else one.cost_usd + other.cost_usd
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
        cost_usd=cost,
    )


def parse(text: str, *, cut: bool = False) -> Any:
    """Find the JSON in an answer: bare, fenced, or between prose; of one that was cut, what is whole of it.

    Raises ValueError where there is none.
    """
    fenced = _FENCE.search(text)
    for candidate in ([fenced[1]] if fenced else []) + [text]:
        start = min((at for at in (candidate.find("{"), candidate.find("[")) if at >= 0), default=-1)
        if start < 0:
            continue
        closing = max(candidate.rfind("}"), candidate.rfind("]"))
        try:
            return from_json(candidate[start : closing + 1])
        except ValueError:
            if cut or closing < start:
                return from_json(candidate[start:], allow_partial=True)
    raise ValueError("the answer holds no JSON")


@lru_cache(maxsize=32)
def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema as structured output wants it: references resolved by name, no extra keys, all of them required, no defaults.

    Made once for each model: do not change what it gives.
    """
    schema = answer.model_json_schema()
    for node in (schema, *schema.get("$defs", {}).values()):
        if node.get("type") == "object":
            node["additionalProperties"] = False
            node["required"] = list(node.get("properties", {}))
            for each in node.get("properties", {}).values():
                each.pop("default", None)
    return schema


def _faults(error: ValidationError | ValueError, completion: Completion) -> str:
    if completion.finish_reason == "length":
        return "the answer was cut at the token limit; answer more briefly"
    if not completion.text.strip():
        return "the answer was empty"
    if isinstance(error, ValidationError):
        found = [
            f"{'.'.join(map(str, each['loc'])) or 'answer'}: {each['msg']}" for each in error.errors()[:5]
        ]
        return "; ".join(found)
    return "the answer is not valid JSON"


def _again(prompt: Prompt, completion: Completion, fault: str, attempt: int) -> Prompt:
    """The same question with the answer and its faults behind it; of a very long answer only the beginning is sent back.

    The attempt is numbered, so that a second answer with the same fault does not make the same prompt, which a journal
    would answer as it did before.
    """
    begun = completion.text.encode("utf-8", "ignore")[:4000].decode("utf-8", "ignore")
    demand = (
        f"That answer cannot be used: {fault}.\nAnswer again (repair {attempt} of {_REPAIRS}), "
        "with nothing but one JSON object that fits the schema."
    )
    answered = (Message(role="assistant", text=begun or "(empty)"), Message(role="user", text=demand))
    return prompt.model_copy(update={"messages": (*prompt.messages[:2], *answered)})
