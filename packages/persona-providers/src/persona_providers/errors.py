"""litellm's errors as ours: one table, used once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from persona_core.errors import (
    AuthenticationError,
    ConfigurationError,
    ContextLengthError,
    PersonaError,
    ProviderError,
    ProviderUnavailableError,
    RateLimitError,
    causes,
)

MORE_TIME = "allow more (timeout), or ask less at once (concurrency)"
"""What to do where no answer came in time."""


class AnswerLostError(ProviderUnavailableError):
    """The model may have answered, and the answer did not arrive: it counts as paid for."""


class UnreachableError(ProviderUnavailableError):
    """Nothing answers at the model's address."""


class Said(Exception):  # noqa: N818 - not an error of ours
    """What litellm said, without keys: the cause of an error of ours, for a traceback."""


_TABLE: Mapping[int, tuple[type[PersonaError], str]] = {
    401: (AuthenticationError, "{host} does not accept the key for {model}: set {keys} to one that may use it"),
    402: (ProviderError, "the account at {host} is out of credit: top it up, or use another key"),
    403: (AuthenticationError, "{host} does not let this key use {model}: set {keys} to one that may"),
    404: (ConfigurationError, "{host} knows no model {model}: check its name, and the address"),
    408: (AnswerLostError, "{host} did not answer in time"),
    413: (ContextLengthError, "the prompt is longer than {model} takes: choose a model with a larger context"),
    429: (RateLimitError, "{host} was asked too much at once: lower the concurrency or the requests per minute (rpm)"),
}  # fmt: skip
"""By HTTP status: our error, and what to do."""


def translate(error: Exception, *, model: str, host: str, keys: str) -> PersonaError | None:
    """Give our error for one of litellm's; nothing for what is none of litellm's, which is a bug and passes."""
    status = getattr(error, "status_code", None)
    if not type(error).__module__.startswith(("litellm.", "openai.")) or not isinstance(status, int):
        return None
    kind, sentence = _kind(error, status)
    message = sentence.format(model=model, host=host, keys=keys, status=status)
    if kind is RateLimitError:
        return RateLimitError(message, retry_after=_retry_after(error))
    return kind(message)


def _kind(error: Exception, status: int) -> tuple[type[PersonaError], str]:
    names = {kind.__name__ for kind in type(error).__mro__}
    if "ContextWindowExceededError" in names or (status == 400 and _says_too_long(error)):
        return _TABLE[413]
    if status == 429 and "insufficient_quota" in str(error):
        return _TABLE[402]
    # litellm gives a connection that failed, and an answer that is none, statuses of its own.
    lost = _transport(error)
    if lost == "ConnectError" or lost == "ConnectTimeout":
        return (
            UnreachableError,
            "{host} cannot be reached: check the address, and that a model is served there",
        )
    if lost is not None:
        return AnswerLostError, "the connection to {host} ended before the answer was whole"
    if status < 300:
        return AnswerLostError, "{host} sent something that is no answer: check the address"
    if status >= 500:
        return ProviderUnavailableError, "{host} failed ({status}): try again later"
    return _TABLE.get(status, (ProviderError, "{host} refused what was asked of {model} ({status})"))


def _says_too_long(error: Exception) -> bool:
    """Whether a refusal speaks of the context: litellm knows the words of the large services only."""
    said = str(error).lower()
    return any(
        words in said for words in ("context length", "context window", "context_length", "too many tokens")
    )


def _transport(error: Exception) -> str | None:
    """Name the failure of httpx behind an error, but for a time that ran out."""
    import httpx

    for each in causes(error):
        if isinstance(each, httpx.ReadTimeout):
            return None
        if isinstance(each, httpx.TransportError):
            return type(each).__name__
    return None


def _retry_after(error: Any) -> float | None:
    """Seconds of the answer's Retry-After; nothing for a date or nonsense."""
    headers = getattr(error, "litellm_response_headers", None) or {}
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
