"""Serving: `python -m persona_api` with settings from the environment, and what `persona serve` calls."""

from __future__ import annotations

import gc
import json
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import uvicorn

from persona_api.app import create_app
from persona_api.connections import allow_many, hurried
from persona_api.lifecycle import check_reach, end_soon, take_turns
from persona_api.settings import Settings, resolve
from persona_api.store import open_database
from persona_api.webhooks.sealing import Seal
from persona_core.errors import ConfigurationError, PersonaError

_encoded = json.JSONEncoder(ensure_ascii=False, default=str).encode
_EXTRA = ("request_id", "operation", "caller", "status", "milliseconds", "method", "job")


class JsonLines(logging.Formatter):
    """A line of JSON for each record; of requests only what nobody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in _EXTRA if getattr(record, name, None) is not None}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _encoded(line)


class _Server(uvicorn.Server):
    """Ends event streams before it waits for connections to end."""

    def __init__(
        self, config: uvicorn.Config, stopping: Callable[[], None], ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._stopping, self._ready = stopping, ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in peace for SIGINT and SIGTERM; uvicorn would raise them anew once all is done."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # what is there now stays: collections need not look at it again
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets)


def serve(settings: Settings, ready: Callable[[str], None] = lambda _address: None) -> None:
    """Serve until told to stop (SIGINT, SIGTERM); `ready` hears the address.

    Raises ConfigurationError, before anything is served, where the database, the port or the reach is not to be had.
    """
    take_turns()
    allow_many()
    database = open_database(settings.url)
    try:
        check_reach(settings, database)
        Seal.of(settings.secret_key_file, database.key_file)  # one that cannot be read is said before all
        listening = _listening(settings)
        host, port = listening.getsockname()[:2]
        app = create_app(replace(settings, port=port), database)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=max(1, round(settings.graceful)),
            lifespan="on",
            ws="none",
            http=hurried(settings.body_idle),
        )

        def stopping() -> None:
            if hasattr(app.state, "server"):
                app.state.server.changes.stop()
            if database.shared:
                end_soon(settings)

        shown = f"[{host}]" if ":" in host else host
        _Server(config, stopping, lambda: ready(f"http://{shown}:{port}")).run(sockets=[listening])
    finally:
        database.close()


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # By name: without the protocol asyncio would not switch off Nagle's algorithm, and each answer would wait.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"port {settings.port} of {settings.host} cannot be had ({error.strerror}): give another --port or --host"
        ) from error
    return listening


def log_to_stderr(level: str = "INFO") -> None:
    """Write the server's log as lines of JSON to standard error."""
    # Nothing of this is in a line, and finding it out takes longer than the line itself.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("persona_api", "uvicorn", "procrastinate", "psycopg", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level if name == "persona_api" else "WARNING")


def main() -> int:
    """Serve with the environment's settings; gives the exit code."""
    if sys.argv[1:]:
        print("Error: give settings as PERSONA_* variables; flags are for persona serve", file=sys.stderr)  # noqa: T201
        return 2
    log_to_stderr()
    try:
        serve(resolve(), lambda address: print(f"Persona is at {address}", file=sys.stderr))  # noqa: T201
    except PersonaError as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
