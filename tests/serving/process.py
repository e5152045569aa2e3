"""The server as its operators run it: `python -m persona_api` with settings from the environment."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from persona_api.store import keys, open_database
from persona_core.testing import SAMPLE

_READY = re.compile(r"Persona is at (http://[^\s;]+)")
_WORKING = re.compile(r"Working; (.*)")
_PATIENCE = 30.0


class Serving:
    """A server over one database, at one port, that can be killed and started again: a file of its own, or PERSONA_DATABASE_URL.

    `log` is what it wrote to standard error, over all its lives. Use it as a context manager.
    """

    command: Sequence[str] = (sys.executable, "-m", "persona_api")
    ready = _READY

    def __init__(self, folder: Path, **settings: str) -> None:
        """`settings` are `PERSONA_*` variables, or any other, by name."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.settings = folder, settings
        self.database = folder / "persona.db"
        self.log_file = folder / "server.log"
        self.url = ""
        self.started = 0.0
        """Seconds from the process's start to its first answer."""
        self._port = "0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Serving:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    @property
    def database_url(self) -> str:
        """Where its jobs are."""
        return self.settings.get("PERSONA_DATABASE_URL", f"sqlite:///{self.database}")

    @property
    def log(self) -> str:
        """All that was written to standard error."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def start(self) -> Serving:
        """Start it and wait until it answers; raises RuntimeError with the log where it ends instead."""
        begun = len(self.log)
        environment = {
            **os.environ,
            "PERSONA_DATABASE_URL": self.database_url,
            "PERSONA_API_PORT": self._port,
            **self.settings,
        }
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, env=environment, stderr=log, stdin=subprocess.DEVNULL
            )
        before = time.monotonic()
        while time.monotonic() < before + _PATIENCE:
            ready = self.ready.search(self.log, begun)
            if ready:
                self.started = time.monotonic() - before
                self._answers_at(ready[1])
                return self
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.log[begun:]}")

    def _answers_at(self, url: str) -> None:
        self.url, self._port = url, url.rpartition(":")[2]

    def pause(self) -> None:
        """Freeze it (SIGSTOP): it does nothing, and nobody is told."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on (SIGCONT), as if no time had passed."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, wherever it is (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self, patience: float = _PATIENCE) -> int:
        """Ask it to end (SIGTERM), and give its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    @contextmanager
    def client(self, key: str = "", **more: Any) -> Iterator[httpx.Client]:
        """A plain HTTP client at `/api/v1/`."""
        headers = {"X-API-Key": key} if key else {}
        with httpx.Client(
            base_url=f"{self.url}/api/v1/", headers=headers, trust_env=False, timeout=30, **more
        ) as client:
            yield client

    def key(self, *, admin: bool = False) -> tuple[str, str]:
        """A new key of its database, beside it: the key's id, and the key."""
        database = open_database(self.database_url, hold=False)
        try:
            return database.write_now(
                lambda connection: keys.create(connection, "test", admin=admin, now=time.time())
            )
        finally:
            database.close()

    def post_job(
        self, request: Mapping[str, Any] | None = None, key: str = "", **headers: str
    ) -> dict[str, Any]:
        """Ask for a job; gives it as the server says it is."""
        with self.client(key) as client:
            answer = client.post("generate", json=dict(request or study()), headers=headers)
        assert answer.status_code == 202, answer.text
        job: dict[str, Any] = answer.json()
        return job

    def job(self, id: str, key: str = "") -> dict[str, Any]:
        """A job as it is now."""
        with self.client(key) as client:
            found: dict[str, Any] = client.get(f"generate/{id}").raise_for_status().json()
        return found

    def wait(self, id: str, key: str = "", patience: float = _PATIENCE) -> dict[str, Any]:
        """A job once it has ended."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            job = self.job(id, key)
            if job["status"] in {"completed", "failed", "cancelled"}:
                return job
            time.sleep(0.03)
        raise TimeoutError(f"{id} did not end within {patience} seconds:\n{self.log[-4000:]}")

    def events(self, id: str, after: int = 0, key: str = "") -> list[dict[str, Any]]:
        """A job's events after a number, to the end of the stream."""
        found = []
        with (
            self.client(key) as client,
            client.stream("GET", f"generate/{id}/events", headers={"Last-Event-ID": str(after)}) as answer,
        ):
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    found.append(json.loads(line.removeprefix("data: ")))
        return found


class Working(Serving):
    """A worker for the database that PERSONA_DATABASE_URL names: it runs jobs and delivers, and answers to nobody."""

    command = (str(Path(sys.executable).with_name("persona")), "worker")
    ready = _WORKING

    def _answers_at(self, url: str) -> None:
        pass


def study(count: int = 2, **more: Any) -> dict[str, Any]:
    """A request to make personas of the small invented study."""
    return {
        "sources": [{"name": name, "content": text} for name, text in SAMPLE.items()],
        "count": count,
        **more,
    }


def until(true: Callable[[], object], patience: float = 60.0) -> float:
    """Wait until something is so; gives how many seconds that took."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() > begun + patience:
            raise TimeoutError(f"it was not so within {patience} seconds")
        time.sleep(0.01)
    return time.monotonic() - begun
