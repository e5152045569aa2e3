"""What the server is told: flags and `PERSONA_*` variables, read here alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import timedelta
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from persona_core.errors import ConfigurationError
from persona_providers.settings import Secret

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LEAST = 16
"""Characters of a token."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs."""

    host: str = "127.0.0.1"
    port: int = 8000
    """0 for any that is free."""
    auth_token: Secret | None = None
    """One key, an admin's."""
    database: str = default(default="", repr=False)
    """URL; a SQLite file in the user's data folder where nothing is given."""
    data_dir: Path | None = None
    """Folder below which a job's `data` may name files."""
    concurrency: int = 4
    """Jobs at once; 0, on PostgreSQL, leaves them to other processes."""
    retention: timedelta | None = timedelta(days=30)
    """How long finished jobs stay; `never` keeps them."""
    allow_model: tuple[str, ...] = ()
    """Patterns of models that a job may name; `extractive` always may."""
    public_url: str = ""
    """What links begin with, where a proxy stands in front."""
    insecure_no_auth: bool = False
    """Serve others without keys, because something in front asks for them."""
    max_body: int = 32 * 1024 * 1024
    """Bytes of a request's body, and of what `data` names."""
    max_sources: int = 1000
    """Sources of a job."""
    max_queued: int = 10_000
    """Jobs that wait, for each key."""
    rate_limit: int = 0
    """Requests a minute for each key; 0 for any."""
    body_idle: float = 30.0
    """Seconds for which a request may stand still while it is sent, or not begin."""
    body_total: float = 600.0
    """Seconds in which a body has to be there."""
    secret_key_file: Path | None = None
    """What the secrets of webhooks are sealed with; a file beside the database where nothing is given."""
    allow_http_webhooks: bool = False
    allow_webhook_network: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that webhooks may go to although they are not public."""
    webhook_retry_schedule: tuple[float, ...] = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 36_000.0)
    """Seconds from one attempt to the next."""
    graceful: float = 10.0
    """Seconds for which a server that is stopped waits for what is under way."""

    def allows(self, model: str) -> bool:
        """Whether a job may name the model."""
        return model == "extractive" or any(fnmatchcase(model, pattern) for pattern in self.allow_model)

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database or f"sqlite:///{default_database()}"

    @property
    def base_url(self) -> str:
        """What addresses of jobs begin with, where no request tells."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return self.host in _LOOPBACK

    def checked(self) -> Settings:
        """The same, or ConfigurationError that says what cannot be."""
        if self.auth_token is not None and len(self.auth_token.reveal()) < _LEAST:
            raise ConfigurationError(
                f"a token has at least {_LEAST} characters; make one with: openssl rand -hex 24"
            )
        if self.data_dir is not None and not self.data_dir.is_dir():
            raise ConfigurationError(f"the data folder {self.data_dir} is no folder")
        if self.public_url and urlsplit(self.public_url).scheme not in {"http", "https"}:
            raise ConfigurationError(f"a public URL begins with http:// or https://, not {self.public_url}")
        if not 0 <= self.port <= 65_535:
            raise ConfigurationError(f"a port is between 0 and 65535, not {self.port}")
        alone = not self.database.startswith("postgres")  # nobody else is there to run its jobs
        for name, least in (
            ("concurrency", int(alone)),
            ("max_body", 1),
            ("max_sources", 1),
            ("max_queued", 1),
        ):
            if getattr(self, name) < least:
                raise ConfigurationError(
                    f"{name.replace('_', '-')} is at least {least}, not {getattr(self, name)}"
                )
        return self


def default_database() -> Path:
    """The SQLite file in the user's data folder."""
    return Path(platformdirs.user_data_dir("persona", appauthor=False)) / "persona.db"


def duration(text: str) -> timedelta | None:
    """Read `30d`, `12h`, `90m`, `45s`, `2w`; `never` is for ever. Raises ValueError."""
    if text == "never":
        return None
    match = re.fullmatch(r"(\d{1,6})([smhdw])", text)
    if match is None:
        raise ValueError(f"“{text}” is not a length of time such as 30d or 12h, nor never")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"“{text}” is no whole number") from None


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"“{text}” is no number of seconds") from None


def _flag(text: str) -> bool:
    if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError(f"“{text}” is neither yes nor no")
    return text.lower() in {"1", "true", "yes"}


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise ValueError(f"“{text}” is no network such as 10.0.0.0/8") from None


def _schedule(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(each) for each in text.split(","))
    except ValueError:
        found = (-1.0,)
    if not found or any(not 0 <= each <= 10_000_000 for each in found):
        raise ValueError(f"“{text}” is no list of seconds such as 5,300,1800")
    return found


def _token_in(path: str) -> Secret:
    try:
        return Secret(Path(path).read_text(encoding="utf-8").strip())
    except OSError as error:
        raise ConfigurationError(f"the token in {path} cannot be read: {error.strerror}") from error


VARIABLES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "PERSONA_API_HOST": ("host", str),
    "PERSONA_API_PORT": ("port", _whole),
    "PERSONA_API_AUTH_TOKEN_FILE": ("auth_token", _token_in),
    "PERSONA_API_AUTH_TOKEN": ("auth_token", Secret),
    "PERSONA_DATABASE_URL": ("database", str),
    "PERSONA_DATA_DIR": ("data_dir", Path),
    "PERSONA_API_CONCURRENCY": ("concurrency", _whole),
    "PERSONA_RETENTION": ("retention", duration),
    "PERSONA_ALLOW_MODEL": ("allow_model", lambda text: tuple(filter(None, text.split(",")))),
    "PERSONA_PUBLIC_URL": ("public_url", str),
    "PERSONA_INSECURE_NO_AUTH": ("insecure_no_auth", _flag),
    "PERSONA_MAX_BODY": ("max_body", _whole),
    "PERSONA_MAX_SOURCES": ("max_sources", _whole),
    "PERSONA_MAX_QUEUED": ("max_queued", _whole),
    "PERSONA_RATE_LIMIT": ("rate_limit", _whole),
    "PERSONA_BODY_IDLE": ("body_idle", _seconds),
    "PERSONA_BODY_TOTAL": ("body_total", _seconds),
    "PERSONA_SECRET_KEY_FILE": ("secret_key_file", Path),
    "PERSONA_ALLOW_HTTP_WEBHOOKS": ("allow_http_webhooks", _flag),
    "PERSONA_ALLOW_WEBHOOK_NETWORK": ("allow_webhook_network", _networks),
    "PERSONA_WEBHOOK_RETRY_SCHEDULE": ("webhook_retry_schedule", _schedule),
    "PERSONA_GRACEFUL": ("graceful", _seconds),
}
"""Each setting that the environment may give."""


def resolve(
    given: Mapping[str, str | None] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings: `given` by variable's name, as text, before the environment's, before the defaults.

    Raises ConfigurationError that names the variable.
    """
    texts = {**(os.environ if environ is None else environ)}
    texts.update({name: text for name, text in (given or {}).items() if text is not None})
    found: dict[str, Any] = {}
    for name, (field, read) in VARIABLES.items():
        if texts.get(name):
            try:
                found[field] = read(texts[name])
            except ValueError as error:
                raise ConfigurationError(f"{name}: {error}") from error
    return Settings(**found).checked()
