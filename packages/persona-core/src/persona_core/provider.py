"""The seam to language models: one method."""

from __future__ import annotations

from typing import Protocol

from persona_core.models.completion import Completion, Prompt


class Provider(Protocol):
    """Anything that answers prompts."""

    model: str
    """The model's name, as in journals and manifests."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt.

        Raises ProviderError, whose kinds say what to do; an answer that does not meet the schema is no error here.
        """
        ...
