"""Which server, with which key: given, or from the environment, read here alone."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from persona_core.errors import ConfigurationError

_PASSWORD = re.compile(r"^(\w*:?//)?.*@", re.DOTALL)
"""A password may hold what no address should, and stand in one that is none."""


def without_password(address: str) -> str:
    """An address as it may be shown: who asks, and with which password, is left out."""
    return _PASSWORD.sub(r"\1…@", address)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a client works."""

    model: str = "extractive"
    base_url: str | None = None
    """A server; nothing for this process."""
    api_key: str | None = None
    timeout: float = 60.0
    """Seconds for one request to a server."""
    retries: int = 2
    """How often a request to a server is tried again."""

    @property
    def shown_url(self) -> str:
        """The server's address as it may be shown."""
        return without_password(self.base_url or "")

    def __repr__(self) -> str:
        key = "…" if self.api_key else None
        return f"Settings(model={self.model!r}, base_url={self.shown_url or None!r}, api_key={key!r})"


def resolve(
    model: str | None, base_url: str | None, api_key: str | None, timeout: float, retries: int
) -> Settings:
    """What is given before `PERSONA_MODEL`, `PERSONA_BASE_URL` and `PERSONA_API_KEY`.

    Raises ConfigurationError for an address that is none, a key that cannot be sent, and numbers that make no sense.
    """
    url = base_url or os.environ.get("PERSONA_BASE_URL") or None
    if url is not None:
        _check_address(url)
    key = api_key or os.environ.get("PERSONA_API_KEY") or None
    if key is not None and not (key.isascii() and key.isprintable()):
        raise ConfigurationError("the server's key has characters that no key has: copy it anew")
    if retries < 0 or not timeout > 0:
        raise ConfigurationError(
            f"retries are 0 or more and the timeout is above 0, not {retries} and {timeout}"
        )
    return Settings(
        model=model or os.environ.get("PERSONA_MODEL") or "extractive",
        base_url=None if url is None else url.rstrip("/"),
        api_key=key,
        timeout=timeout,
        retries=retries,
    )


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not url.isprintable() or " " in url:
        raise ConfigurationError(
            f"the server's address is one such as http://localhost:8000, not “{without_password(url)}”"
        )
