"""Connections that ask nothing: closed after a while, so that nobody without a key can hold them all."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if sys.platform != "win32":
    import resource

_MOST = 65_536


def hurried(seconds: float) -> type[H11Protocol]:
    """HTTP as uvicorn speaks it, for those whose request begins within so many seconds; uvicorn itself waits for ever."""

    class Hurried(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            """Look now and then whether something is asked."""
            super().connection_made(transport)
            self._before: Any = None
            self._looking = self.loop.call_later(seconds, self._look)

        def connection_lost(self, exc: Exception | None) -> None:
            """Look no more."""
            self._looking.cancel()
            super().connection_lost(exc)

        def _look(self) -> None:
            """Close where no head of a request came since the last look, and none is being answered."""
            now: Any = self.cycle
            if now is None or (now is self._before and now.response_complete):
                self.transport.close()
                return
            self._before = now
            self._looking = self.loop.call_later(seconds, self._look)

    return Hurried


def allow_many() -> None:
    """Have as many files open as the system lets this process, each connection being one."""
    if sys.platform == "win32":
        return
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if most == resource.RLIM_INFINITY else min(most, _MOST)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
