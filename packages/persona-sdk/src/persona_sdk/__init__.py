"""Persona from Python: one client, in process or against a server, awaited or not."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona_core.errors import (
        AuthenticationError,
        BudgetExceededError,
        ConfigurationError,
        ContextLengthError,
        CorpusMismatchError,
        GenerationError,
        LeakError,
        LoadError,
        PersonaError,
        ProviderError,
        ProviderUnavailableError,
        RateLimitError,
        SignatureError,
    )
    from persona_core.models import Claim, Evidence, EvidenceReport, Locator, Persona
    from persona_core.models.audit import Audit
    from persona_core.models.events import Event
    from persona_core.models.job import Job
    from persona_core.models.webhook import Delivery, Webhook, WebhookEvent
    from persona_core.pipeline import Release
    from persona_sdk.async_client import AsyncPersonaClient
    from persona_sdk.client import PersonaClient
    from persona_sdk.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
    from persona_sdk.results import PersonaSet, Scorecard
    from persona_sdk.webhooks import unwrap

_HOMES = {
    "persona_core.errors": (
        "AuthenticationError",
        "BudgetExceededError",
        "ConfigurationError",
        "ContextLengthError",
        "CorpusMismatchError",
        "GenerationError",
        "LeakError",
        "LoadError",
        "PersonaError",
        "ProviderError",
        "ProviderUnavailableError",
        "RateLimitError",
        "SignatureError",
    ),
    "persona_core.models": ("Claim", "Evidence", "EvidenceReport", "Locator", "Persona"),
    "persona_core.models.audit": ("Audit",),
    "persona_core.models.events": ("Event",),
    "persona_core.models.job": ("Job",),
    "persona_core.models.webhook": ("Delivery", "Webhook", "WebhookEvent"),
    "persona_core.pipeline": ("Release",),
    "persona_sdk.async_client": ("AsyncPersonaClient",),
    "persona_sdk.client": ("PersonaClient",),
    "persona_sdk.errors": ("APIConnectionError", "APIError", "APIStatusError", "APITimeoutError"),
    "persona_sdk.results": ("PersonaSet", "Scorecard"),
    "persona_sdk.webhooks": ("unwrap",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncPersonaClient",
    "Audit",
    "AuthenticationError",
    "BudgetExceededError",
    "Claim",
    "ConfigurationError",
    "ContextLengthError",
    "CorpusMismatchError",
    "Delivery",
    "Event",
    "Evidence",
    "EvidenceReport",
    "GenerationError",
    "Job",
    "LeakError",
    "LoadError",
    "Locator",
    "Persona",
    "PersonaClient",
    "PersonaError",
    "PersonaSet",
    "ProviderError",
    "ProviderUnavailableError",
    "RateLimitError",
    "Release",
    "Scorecard",
    "SignatureError",
    "Webhook",
    "WebhookEvent",
    "unwrap",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is."""
    if name not in _HOME:
        raise AttributeError(f"module 'persona_sdk' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
