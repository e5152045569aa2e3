"""Servers and workers of one database, each a process that can be killed, frozen or cut off."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from loopback import Loopback
from postgres import PostgresServer, frozen_way
from postgres.server import Way
from serving import Serving, Working


class Cluster:
    """What shares a database; what it starts ends with it."""

    def __init__(self, stack: ExitStack, postgres: PostgresServer, model: Loopback, folder: Path) -> None:
        self.postgres, self.model, self.folder = postgres, model, folder
        self.name = postgres.database()
        self._stack = stack
        self._number = 0
        key = folder / "key"
        key.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
        self.settings = {
            "PERSONA_DATABASE_URL": postgres.url(self.name),
            "PERSONA_SECRET_KEY_FILE": str(key),
            "PERSONA_PUBLIC_URL": "http://localhost:8000",
            "PERSONA_ALLOW_MODEL": "openai/*",
            "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
            "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
            "PERSONA_WEBHOOK_RETRY_SCHEDULE": "0.3,0.5,1,2",
            "PERSONA_GRACEFUL": "1",
            "OPENAI_BASE_URL": model.url,
            "OPENAI_API_KEY": "k",
        }

    def server(self, concurrency: int = 0, **more: str) -> Serving:
        """A server; one that only answers where nothing else is said."""
        return self._started(Serving, concurrency, more)

    def worker(self, concurrency: int = 4, **more: str) -> Working:
        """A worker."""
        return self._started(Working, concurrency, more)

    def cut_off(self, concurrency: int = 4) -> tuple[Working, Way]:
        """A worker with a way to the database of its own."""
        way = self._stack.enter_context(frozen_way(self.postgres))
        url = self.postgres.url(self.name, way.port)
        return self.worker(concurrency, PERSONA_DATABASE_URL=url), way

    def _started(self, kind: type[Any], concurrency: int, more: dict[str, str]) -> Any:
        self._number += 1
        settings = {**self.settings, "PERSONA_API_CONCURRENCY": str(concurrency), **more}
        process = kind(self.folder / f"{self._number}", **settings)
        self._stack.callback(process.kill)
        return process.start()


@contextmanager
def sharing(postgres: PostgresServer, model: Loopback, folder: Path) -> Iterator[Cluster]:
    """A database for the length of a block, with who shares it."""
    with ExitStack() as stack:
        yield Cluster(stack, postgres, model, folder)
