"""Who asks: keys, what they may see, and what a browser on this machine may not."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from persona_api.problems import ProblemError
from persona_api.settings import Settings
from persona_api.store import Database, keys

_HINT = {"WWW-Authenticate": 'Bearer realm="persona"'}
_NOBODY = hashlib.sha256(b"nobody").hexdigest()
_OPEN = 0.25
"""Seconds for which a server without keys does not look again whether there is one now."""
_LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    id: str
    """`local` where nobody needs a key, `token` for the server's own, else the key's."""
    admin: bool

    @property
    def owner(self) -> str | None:
        """Whose jobs may be seen; nothing for everybody's."""
        return None if self.admin else self.id


LOCAL = Caller("local", admin=True)


class Guard:
    """Lets in who has a key, or on loopback everybody who is no stranger's web page."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        token = settings.auth_token
        self._token = None if token is None else keys.hashed(token.reveal())
        self._open_until = 0.0
        public = settings.public_url.lower()
        self._hosts = frozenset({*_LOCAL_NAMES, settings.host.lower(), _named(public)} - {""})
        self._public = _origin(public)
        self._exposed = not (settings.loopback or settings.insecure_no_auth)

    async def wants_keys(self) -> bool:
        """Whether one is asked for: there is one, or others can reach the server and the last one was revoked."""
        if self._token is not None or self._exposed:
            return True
        now = time.monotonic()
        if self._open_until < now:
            if await self._database.read(keys.any_key):
                return True
            self._open_until = now + _OPEN
        return False

    async def caller(self, headers: Mapping[str, str]) -> Caller:
        """Who asks. Raises ProblemError for nobody."""
        if not await self.wants_keys():
            self._refuse_strangers(headers)
            return LOCAL
        given = headers.get("x-api-key") or _bearer(headers.get("authorization", ""))
        if not given:
            raise ProblemError(401, "a key is needed: send it as X-API-Key", headers=_HINT)
        found = await self._found(given)
        if found is None:
            raise ProblemError(401, "this key is not known here", headers=_HINT)
        return found

    async def _found(self, given: str) -> Caller | None:
        """Who has this key; comparing takes as long for keys that nobody has."""
        hashed = keys.hashed(given)
        if self._token is not None and hmac.compare_digest(hashed, self._token):
            return Caller("token", admin=True)
        row = await self._database.read(lambda connection: keys.find(connection, given))
        same = hmac.compare_digest(hashed, _NOBODY if row is None else row.hash)
        if row is None or not same or row.revoked_at is not None:
            return None
        return Caller(row.id, admin=row.admin)

    def _refuse_strangers(self, headers: Mapping[str, str]) -> None:
        """Without keys: a page of another site, opened in a browser on this machine, must not reach the server."""
        if self._settings.insecure_no_auth:
            return
        host = headers.get("host", "").lower()
        if "@" in host or _named(f"//{host}") not in self._hosts:
            raise ProblemError(
                403, f"this server answers to localhost, not to “{host[:100]}”; see --public-url"
            )
        # Another port of this machine is another's page, too.
        ours = {f"http://{host}", f"https://{host}", self._public} - {""}
        if headers.get("origin", f"http://{host}").lower() not in ours:
            raise ProblemError(
                403, "pages of other sites may not use this server; give it a key (--auth-token)"
            )


def _named(url: str) -> str:
    """The host of an address; nothing for what is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _bearer(header: str) -> str:
    kind, _, key = header.partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""
