"""Persona as a server. `create_app` is for an ASGI server of one's own: `uvicorn --factory persona_api:create_app`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from persona_api.app import create_app
    from persona_api.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: the settings need no server."""
    if name == "create_app":
        from persona_api.app import create_app

        return create_app
    if name == "Settings":
        from persona_api.settings import Settings

        return Settings
    raise AttributeError(name)
