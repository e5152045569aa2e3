"""API keys as rows, each kept as a hash, and the log of who did what."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from persona_api.store.schema import audit_log, keys

_ANY = select(keys.c.id).where(keys.c.revoked_at.is_(None)).limit(1)


def hashed(key: str) -> str:
    """What is kept of a key. It holds 256 bits of chance, so that a plain hash cannot be turned back."""
    return hashlib.sha256(key.encode()).hexdigest()


def create(connection: Connection, name: str, *, admin: bool, now: float) -> tuple[str, str]:
    """Make a key; gives its id and the key itself, which is shown once and kept nowhere."""
    public, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = f"psk_{public}_{secret}"
    id = f"key_{public}"
    row = {"id": id, "name": name, "hash": hashed(key), "admin": admin, "created_at": now}
    connection.execute(insert(keys), row)
    return id, key


def find(connection: Connection, key: str) -> Row[Any] | None:
    """The row of a key by the id that it names; whether the secret is right is for the caller to compare."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "psk":
        return None
    return connection.execute(select(keys).where(keys.c.id == f"key_{parts[1]}")).first()


def any_key(connection: Connection) -> bool:
    """Whether there is a key that is not revoked."""
    return connection.execute(_ANY).first() is not None


def listed(connection: Connection) -> Sequence[Row[Any]]:
    """All keys, oldest first."""
    return connection.execute(select(keys).order_by(keys.c.created_at)).all()


def revoke(connection: Connection, id: str, now: float) -> bool:
    """Take a key away; gives whether there was one."""
    those = update(keys).where(keys.c.id == id, keys.c.revoked_at.is_(None)).values(revoked_at=now)
    return connection.execute(those).rowcount == 1


def log(connection: Connection, key: str, action: str, job: str | None, now: float) -> None:
    """Note who did what to which job."""
    connection.execute(insert(audit_log), {"at": now, "key": key, "action": action, "job": job})


def logged(connection: Connection, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """What was noted, newest first."""
    those = select(audit_log).order_by(audit_log.c.number.desc()).limit(limit)
    return connection.execute(those if before is None else those.where(audit_log.c.number < before)).all()
