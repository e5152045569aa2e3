"""What can go wrong, one class for each thing a caller can do differently.

PersonaError
├── ConfigurationError        a setting, a key or a name is wrong: change it
├── LoadError                 a source cannot be read: path and place are in it
├── CorpusMismatchError       the sources are not the ones the personas were made from
├── LeakError                 a text may not leave: `report` says why
├── GenerationError           no personas could be made; what was made is in `partial`
├── RunFolderError            a run folder is in the way, or cannot be written
├── SignatureError            a webhook's delivery is not the server's, or too old: `reason`
└── ProviderError             a model did not answer: `retryable`, `retry_after`
    ├── AuthenticationError       the key is missing or wrong
    ├── RateLimitError            too much was asked at once
    ├── ContextLengthError        the prompt is longer than the model takes
    ├── ProviderUnavailableError  the model cannot be reached, or fails
    └── BudgetExceededError       the next call could pass the budget: `spent`, `budget`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

SignatureReason = Literal[
    "timestamp_too_old", "timestamp_in_future", "no_match", "malformed", "missing_header"
]
_WHY_NOT: dict[SignatureReason, str] = {
    "timestamp_too_old": "this was sent too long ago: check this computer's clock, or it is an old delivery sent again",
    "timestamp_in_future": "this is dated in the future: check this computer's clock and the server's",
    "no_match": "the signature does not match: check the secret, and that the body is checked exactly as it came, before it is parsed",
    "malformed": "the signature cannot be read: this does not look like a delivery from Persona",
    "missing_header": "a header that carries the signature is missing: this does not look like a delivery from Persona",
}


class PersonaError(Exception):
    """The root of every error that Persona raises on purpose; its message says what to do."""


class ConfigurationError(PersonaError):
    """A setting, a name or a combination of arguments is wrong."""


class LoadError(PersonaError):
    """A source cannot be read as it is.

    `path` is the file as it was named; `place` is where in it (`line 7`, `row 3, column "Why?"`), where known.
    """

    def __init__(self, message: str, *, path: str = "", place: str = "") -> None:
        self.path, self.place, self.detail = path, place, message
        where = ", ".join(part for part in (path, place) if part)
        super().__init__(f"{where}: {message}" if where else message)


class CorpusMismatchError(PersonaError):
    """The sources given are not the ones that the personas were made from."""


class LeakError(PersonaError):
    """A text leads back to what participants said or who they are, and may not leave. `report` is its audit."""

    def __init__(self, report: Any) -> None:
        self.report = report
        super().__init__(f"not released: {'; '.join(report.refused_for) or 'it leaks'}")


class GenerationError(PersonaError):
    """Personas could not be made. `partial` holds the personas that were."""

    def __init__(self, message: str, *, partial: Any = None) -> None:
        self.partial = partial
        super().__init__(message)


class RunFolderError(PersonaError):
    """A run folder stands in the way, or cannot be read or written."""


class SignatureError(PersonaError):
    """A webhook's delivery cannot be trusted.

    `reason` is one of `timestamp_too_old`, `timestamp_in_future`, `no_match`, `malformed`, `missing_header`.
    """

    def __init__(self, reason: SignatureReason, detail: str = "") -> None:
        self.reason: SignatureReason = reason
        super().__init__(detail or _WHY_NOT[reason])


class ProviderError(PersonaError):
    """A model did not answer.

    `retryable` says whether the same call may succeed later; `retry_after` in how many seconds, where the model's host said so.
    """

    retryable = False

    def __init__(
        self, message: str, *, retryable: bool | None = None, retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        if retryable is not None:
            self.retryable = retryable
        super().__init__(message)


class AuthenticationError(ProviderError):
    """The key is missing, wrong, or not allowed to do this."""


class RateLimitError(ProviderError):
    """Too much was asked at once."""

    retryable = True


class ContextLengthError(ProviderError):
    """The prompt is longer than the model takes."""


class ProviderUnavailableError(ProviderError):
    """The model cannot be reached, or fails."""

    retryable = True


class BudgetExceededError(ProviderError):
    """The next call could pass the budget, so it was not made. US dollars."""

    def __init__(self, message: str, *, spent: float, budget: float) -> None:
        self.spent, self.budget = spent, budget
        super().__init__(message)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error, what it came of, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
