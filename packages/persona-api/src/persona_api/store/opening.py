"""The database that a URL names."""

from __future__ import annotations

from importlib.metadata import version

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from persona_api.store.database import Database
from persona_api.store.sqlite import SqliteFile
from persona_core.errors import ConfigurationError

_FORMS = "give sqlite:///FILE or postgresql://USER@HOST/NAME"
_KNOWN = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "postgresql+psycopg": "postgresql",
}


def open_database(url: str, *, hold: bool = True) -> Database:
    """Open a database and bring it to the version that this code knows; `hold=False` beside a server that runs.

    Raises ConfigurationError where it cannot be used: it is unknown, newer than this code, held by another, out of reach.
    """
    parsed = _parsed(url)
    if parsed.drivername == "sqlite":
        return SqliteFile(parsed, hold=hold)
    try:
        from persona_api.store.postgres import Postgres
    except ImportError as error:
        raise ConfigurationError(
            f"PostgreSQL needs packages that are not installed: install persona-api[postgres]=={version('persona-api')}"
        ) from error
    return Postgres(parsed)


def is_shared(url: str) -> bool:
    """Whether several processes may use the database of a URL. Raises ConfigurationError where it is unknown."""
    return _parsed(url).drivername == "postgresql"


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        is_file = "/" in url and ":" not in url and "@" not in url  # else a password may stand in it
        shown = f"“{url}”" if is_file else "this"
        raise ConfigurationError(f"{shown} is no address of a database: {_FORMS}") from None
    if parsed.drivername not in _KNOWN:
        raise ConfigurationError(f"a {parsed.drivername} database is not known here: {_FORMS}")
    return parsed.set(drivername=_KNOWN[parsed.drivername])
