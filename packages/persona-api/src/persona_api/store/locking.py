"""One server to a database file, held by the system for as long as the process lives."""

from __future__ import annotations

import os
from pathlib import Path

from persona_core.errors import ConfigurationError


def locked(path: Path) -> int:
    """Hold the lock beside the file, with this process's number in it; the file stays when the lock goes.

    Raises ConfigurationError where the folder cannot be written, or another process holds it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigurationError(
            f"{path.parent} cannot be written ({error.strerror}): give another --database, such as sqlite:///persona.db"
        ) from error
    try:
        _lock(handle)
    except OSError:
        os.lseek(handle, 1, os.SEEK_SET)
        holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
        os.close(handle)
        raise ConfigurationError(
            f"{path} is held by another process (pid {holder}): stop that one, give another --database, or run "
            "several servers on PostgreSQL"
        ) from None
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, f" {os.getpid()}".encode())
    return handle


def unlocked(handle: int) -> None:
    """Let another process in."""
    os.close(handle)


if os.name == "nt":  # pragma: no cover

    def _lock(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
