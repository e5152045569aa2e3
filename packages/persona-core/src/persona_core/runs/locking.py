"""One process at a time in a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from persona_core.errors import RunFolderError

if sys.platform != "win32":
    import fcntl

LOCK = ".lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder, and hold it against other processes until the block or this process ends, however it ends.

    The folder may be moved or deleted meanwhile; whoever makes it anew holds another one. Raises RunFolderError where
    another process holds it.
    """
    while (handle := _take(folder)) is None:
        pass
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def sweep(folder: Path) -> None:
    """Remove a folder that has nothing in it but perhaps a lock that nobody holds: an interrupt came before the block."""
    with suppress(OSError):
        if [each.name for each in folder.iterdir()] == [LOCK] and (handle := _lock(folder)) is not None:
            (folder / LOCK).unlink()
            if handle >= 0:
                os.close(handle)
        folder.rmdir()


def _take(folder: Path) -> int | None:
    """The open lock file, -1 where the system has none; nothing where the folder went away: try again."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _lock(folder)
    except BlockingIOError:
        raise RunFolderError(
            f"another process is writing {folder}: wait for it, or give another folder"
        ) from None


def _lock(folder: Path) -> int | None:
    """Open and lock the file; nothing where it went away. Raises BlockingIOError where another process holds it."""
    if sys.platform == "win32":  # a folder with an open file in it could not be renamed there
        return -1
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stands = _stands(handle, folder / LOCK)
    except BaseException as error:
        if isinstance(error, OSError) and not isinstance(error, BlockingIOError):
            return handle  # a file system without locks
        os.close(handle)
        raise
    if not stands:
        os.close(handle)
    return handle if stands else None


def _stands(handle: int, file: Path) -> bool:
    """Whether an open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False
