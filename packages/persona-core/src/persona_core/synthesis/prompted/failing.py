"""What a failed call means for a run, in words that are the same when the run is replayed."""

from __future__ import annotations

from persona_core.errors import (
    AuthenticationError,
    BudgetExceededError,
    ConfigurationError,
    PersonaError,
    ProviderError,
)


def ends_the_run(error: PersonaError) -> bool:
    """Whether every further call would fail in the same way, until somebody changes a key or a setting."""
    return isinstance(error, AuthenticationError | ConfigurationError)


def budget_of(error: PersonaError) -> PersonaError | None:
    """The error, where it is that the budget is spent: what was made is whole, and no more is asked."""
    return error if isinstance(error, BudgetExceededError) else None


def reason(error: PersonaError) -> str:
    """Why a call gave nothing. A journal keeps answers, not errors, so a replay cannot tell more than this."""
    return "the model did not answer" if isinstance(error, ProviderError) else "its answers could not be used"
