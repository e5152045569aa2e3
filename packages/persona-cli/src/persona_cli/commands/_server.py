"""What the commands of the server share."""

from __future__ import annotations

from importlib.util import find_spec

from persona_core.errors import ConfigurationError


def needed() -> None:
    """Raise ConfigurationError where the server is not installed."""
    if find_spec("persona_api") is None:
        raise ConfigurationError("the server is not installed: install persona-cli[api]")
