"""Language models for Persona, through litellm."""

from persona_providers.catalogue import Host, host_at, host_of, limits_of
from persona_providers.embedding import LiteLLMEmbedder
from persona_providers.journal import Journal, Journalled, Replaying
from persona_providers.limits import Budget, Limits
from persona_providers.litellm import LiteLLMProvider
from persona_providers.minilm import MiniLMEmbedder
from persona_providers.opening import OpenProvider, provider
from persona_providers.settings import Secret

__all__ = [
    "Budget",
    "Host",
    "Journal",
    "Journalled",
    "Limits",
    "LiteLLMEmbedder",
    "LiteLLMProvider",
    "MiniLMEmbedder",
    "OpenProvider",
    "Replaying",
    "Secret",
    "host_at",
    "host_of",
    "limits_of",
    "provider",
]
