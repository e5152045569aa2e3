"""What is asked of a model, what it answers, and what a model can take."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from persona_core.models.noun import Noun
from persona_core.models.persona import Usage


class Message(Noun):
    """One turn of a talk with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


class Prompt(Noun):
    """Everything that decides what a model answers, but for the model itself."""

    name: str
    """Name and version of the prompt text, `persona/1`."""
    messages: tuple[Message, ...]
    answer_schema: Mapping[str, Any] | None = None
    """JSON Schema that the answer must meet."""
    max_tokens: int = 4000
    """Most tokens of the answer."""
    temperature: float = 0.0
    seed: int = 0

    def key(self, model: str) -> str:
        """SHA-256 over all that was asked and of whom: the same question has the same key."""
        asked = json.dumps([model, self.model_dump(mode="json")], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


class Completion(Noun):
    """A model's answer."""

    text: str
    model: str
    """The model that answered, by its own account."""
    finish_reason: str = "stop"
    """`length` where the answer was cut at the token limit."""
    usage: Usage = Usage()
    replayed: bool = False
    """Whether it came out of a journal; then it cost nothing now."""


class ModelLimits(Noun):
    """What a model takes and costs, as far as it is known."""

    model: str
    context: int = 32_000
    """Tokens that a prompt and its answer may have together."""
    max_output: int = 4_000
    """Most tokens of an answer."""
    input_price: float | None = None
    """US dollars for a million tokens read; nothing where unknown."""
    output_price: float | None = None
    """US dollars for a million tokens written; nothing where unknown."""

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """US dollars for so many tokens; nothing where a price is unknown."""
        if self.input_price is None or self.output_price is None:
            return None
        return (prompt_tokens * self.input_price + completion_tokens * self.output_price) / 1_000_000
