"""What the environment says about models, as values: the only place that reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

KEY = "PERSONA_MODEL_API_KEY"
BASE = "PERSONA_MODEL_API_BASE"

_LITELLM = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # or its import fetches a price list
    "LITELLM_MODE": "PRODUCTION",  # or its import reads ./.env
    "EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER": "True",  # a fifth less CPU per call
}


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that does not show itself; `reveal()` gives it."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Give the value itself, to be sent and not kept."""
        return self._value

    def hide_in(self, text: str) -> str:
        """Put stars where the value stands in `text`; one of fewer than six characters would be words."""
        return text.replace(self._value, "***") if len(self._value) >= 6 else text

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class Service:
    """Where a family of models is reached, and which of litellm's variables say so."""

    keys: tuple[str, ...] = ()
    """Variables that hold its key, any one of them; none where it takes no key."""
    bases: tuple[str, ...] = ()
    """Variables that hold its address, the first one set counts."""
    address: str | None = None
    """Where it is called unless another address is given."""


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "anthropic": Service(
            ("ANTHROPIC_API_KEY",),
            ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
            "https://api.anthropic.com",
        ),
        "azure": Service(("AZURE_API_KEY",), ("AZURE_API_BASE",)),
        "gemini": Service(
            ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
            ("GEMINI_API_BASE",),
            "https://generativelanguage.googleapis.com",
        ),
        "mistral": Service(("MISTRAL_API_KEY",), ("MISTRAL_API_BASE",), "https://api.mistral.ai/v1"),
        "ollama": Service((), ("OLLAMA_API_BASE",), "http://localhost:11434"),
        "ollama_chat": Service((), ("OLLAMA_API_BASE",), "http://localhost:11434"),
        "openai": Service(
            ("OPENAI_API_KEY",), ("OPENAI_BASE_URL", "OPENAI_API_BASE"), "https://api.openai.com/v1"
        ),
        "openrouter": Service(
            ("OPENROUTER_API_KEY",), ("OPENROUTER_API_BASE",), "https://openrouter.ai/api/v1"
        ),
    }
)
"""The services that need not be looked up in litellm, by the first part of a model's name."""


def environment() -> Mapping[str, str]:
    """The environment as it is now; a variable that is set to nothing counts as not set."""
    return {name: value for name, value in os.environ.items() if value}


def prepare() -> None:
    """Tell litellm, before it is imported, to stay quiet and off the network; what the user has set stays."""
    for name, value in _LITELLM.items():
        os.environ.setdefault(name, value)
