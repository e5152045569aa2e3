"""What the log says of a fault of the server's: where it is and of what kind; its message may quote what somebody sent."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any


def note(log: logging.Logger, what: str, error: BaseException, said: Mapping[str, Any]) -> None:
    """Write an error with its traceback and without its words; `said` goes along."""
    shown = RuntimeError(type(error).__qualname__).with_traceback(error.__traceback__)
    log.error(what, exc_info=shown, extra=dict(said))
