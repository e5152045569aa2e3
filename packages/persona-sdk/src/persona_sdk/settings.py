"""Which server, with which key: given, or from the environment, read here alone."""

from __future__ import annotations

import os
from dataclasses import dataclass

from persona_core.errors import ConfigurationError


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

    def __repr__(self) -> str:
        key = "…" if self.api_key else None
        return f"Settings(model={self.model!r}, base_url={self.base_url!r}, api_key={key!r})"


def resolve(
    model: str | None, base_url: str | None, api_key: str | None, timeout: float, retries: int
) -> Settings:
    """What is given before `PERSONA_MODEL`, `PERSONA_BASE_URL` and `PERSONA_API_KEY`.

    Raises ConfigurationError for an address that is none.
    """
    url = base_url or os.environ.get("PERSONA_BASE_URL") or None
    if url is not None and not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"the server's address begins with http:// or https://, not “{url}”")
    return Settings(
        model=model or os.environ.get("PERSONA_MODEL") or "extractive",
        base_url=None if url is None else url.rstrip("/"),
        api_key=api_key or os.environ.get("PERSONA_API_KEY") or None,
        timeout=timeout,
        retries=retries,
    )
