"""Deliveries to ten receivers: how long a thousand take, and whether two bad receivers hold up the others."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Serving

from persona_api.store import open_database, outbox

RECEIVERS, DELIVERIES, SECONDS, BESIDE = 10, 1000, 20.0, 1.2
SETTINGS = {
    "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
    "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
}
SERVE = """
import sys
sys.path.insert(0, sys.argv[1])
from serving.receiver import receiving
with receiving() as receiver:
    print(receiver.url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def receivers() -> Iterator[str]:
    """Receivers in a process of their own: their time is not the server's."""
    command = [sys.executable, "-c", SERVE, str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def run() -> Iterator[dict[str, Any]]:
    """Each figure with its goal."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured(Path(folder))


def _measured(folder: Path) -> Iterator[dict[str, Any]]:
    names = [f"/ok{i}" for i in range(RECEIVERS)]
    healthy = _timed(folder / "healthy", names, names)
    yield _most("webhooks: 1,000 deliveries to 10 healthy receivers", healthy, SECONDS, "s")
    eight = names[: RECEIVERS - 2]
    alone = _timed(folder / "eight", eight, eight)
    beside = _timed(folder / "beside", [*eight, "/hang", "/fail"], eight)
    yield {
        **_most("webhooks: eight receivers beside two bad ones ÷ alone", beside / alone, BESIDE, "×"),
        "floor": f"{alone:.2f} s",
    }
    yield _most("webhooks: processor time of an idle dispatcher", _idle(folder / "idle"), 0.005, "s a second")


def _timed(folder: Path, paths: Sequence[str], waited: Sequence[str]) -> float:
    """Seconds until every receiver of `waited` has its share; everything is due when the server starts."""
    with receivers() as url:
        server = Serving(folder, **SETTINGS)
        with server, server.client() as client:
            hooks = {
                path: client.post("webhooks", json={"url": url + path}).raise_for_status().json()["id"]
                for path in paths
            }
        _write(server, list(hooks.values()))
        with server:
            begun = time.monotonic()
            while _pending(server, [hooks[path] for path in waited]):
                time.sleep(0.02)
            return time.monotonic() - begun


def _write(server: Serving, hooks: Sequence[str]) -> None:
    """An even share of pings for each webhook, as the server itself would write them."""
    store = open_database(f"sqlite:///{server.database}")

    def work(connection: Any) -> None:
        for _ in range(DELIVERIES // RECEIVERS):
            for hook in hooks:
                outbox.ping(connection, hook, time.time())

    store.write_now(work)
    store.close()


def _pending(server: Serving, hooks: Sequence[str]) -> int:
    import sqlite3

    marks = ",".join("?" * len(hooks))
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as connection:
        query = f"SELECT count(*) FROM deliveries WHERE status = 'pending' AND webhook IN ({marks})"  # noqa: S608 - marks
        return int(connection.execute(query, list(hooks)).fetchone()[0])


def _idle(folder: Path) -> float:
    with Serving(folder, **SETTINGS) as server:
        time.sleep(1.0)
        before = psutil.Process(server.pid).cpu_times()
        time.sleep(3.0)
        after = psutil.Process(server.pid).cpu_times()
    return (after.user + after.system - before.user - before.system) / 3.0


def _most(name: str, value: float, goal: float, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "floor": None, "passed": value <= goal}
