"""What the log says of a fault of the server's: where it is and of what kind; its message may quote what somebody sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any


def note(log: logging.Logger, what: str, error: BaseException, said: Mapping[str, Any]) -> None:
    """Write an error with its traceback and without its words; `said` goes along."""
    shown = RuntimeError(type(error).__qualname__).with_traceback(error.__traceback__)
    log.error(what, exc_info=shown, extra=dict(said))


def unusable(log: logging.Logger, error: Exception, said: Mapping[str, Any] | None = None) -> None:
    """Write that the database cannot be used now, and what its driver says of it: never what was to be written."""
    log.error(
        "the database cannot be used: %s",
        str(getattr(error, "orig", error)).partition("\n")[0],
        extra=dict(said or {}),
    )
