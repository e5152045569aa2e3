"""Deliveries to ten receivers: how long a thousand take, and whether two bad receivers hold up the others."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
from serving import Serving

from benchmarks.figures import TESTS, Figure, Sizes
from benchmarks.server import IDLE, idle
from persona_api.store import open_database, outbox

RECEIVERS, SECONDS, BESIDE = 10, 20.0, 1.2
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
    command = [sys.executable, "-c", SERVE, str(TESTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


def run(sizes: Sizes) -> Iterator[Figure]:
    """Each figure with its goal."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured(Path(folder), sizes)


def _measured(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    names, each = [f"/ok{i}" for i in range(RECEIVERS)], sizes.deliveries // RECEIVERS
    healthy = _timed(folder / "healthy", names, names, each)
    yield Figure(
        f"webhooks: {sizes.deliveries:,} deliveries to {RECEIVERS} receivers", healthy, "s", SECONDS,
        floor=_bare(names, each), floor_is="as many bare requests by httpx",
    )  # fmt: skip
    eight = names[: RECEIVERS - 2]
    alone = _timed(folder / "eight", eight, eight, each)
    beside = _timed(folder / "beside", [*eight, "/hang", "/fail"], eight, each)
    yield Figure(
        "webhooks: eight receivers beside two bad ones", beside, "s", BESIDE,
        floor=alone, floor_is="the eight alone", in_floors=True,
    )  # fmt: skip
    with Serving(folder / "idle", **SETTINGS) as server:
        used = idle(server.pid, sizes.idle_seconds)
    yield Figure("webhooks: processor time of an idle dispatcher", used, "s a second", IDLE)


def _bare(paths: Sequence[str], each: int) -> float:
    """Seconds of a loop for each receiver that posts one request after the other."""

    async def post(client: httpx.AsyncClient, path: str) -> None:
        for _ in range(each):
            (await client.post(path, json={"type": "webhook.ping"})).raise_for_status()

    async def all_of_them(url: str) -> float:
        begun = time.monotonic()
        async with httpx.AsyncClient(base_url=url) as client, anyio.create_task_group() as tasks:
            for path in paths:
                tasks.start_soon(post, client, path)
        return time.monotonic() - begun

    with receivers() as url:
        return anyio.run(all_of_them, url)


def _timed(folder: Path, paths: Sequence[str], waited: Sequence[str], each: int) -> float:
    """Seconds until every receiver of `waited` has its share; everything is due when the server starts."""
    with receivers() as url:
        server = Serving(folder, **SETTINGS)
        with server, server.client() as client:
            hooks = {
                path: client.post("webhooks", json={"url": url + path}).raise_for_status().json()["id"]
                for path in paths
            }
        _write(server, list(hooks.values()), each)
        with server:
            begun = time.monotonic()
            while _pending(server, [hooks[path] for path in waited]):
                time.sleep(0.02)
            took = time.monotonic() - begun
            server.kill()  # it would wait for the receiver that hangs
            return took


def _write(server: Serving, hooks: Sequence[str], each: int) -> None:
    """Pings for each webhook, as the server itself would write them."""
    store = open_database(f"sqlite:///{server.database}")

    def work(connection: Any) -> None:
        for _ in range(each):
            for hook in hooks:
                outbox.ping(connection, hook, time.time())

    store.write_now(work)
    store.close()


def _pending(server: Serving, hooks: Sequence[str]) -> int:
    marks = ",".join("?" * len(hooks))
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as connection:
        query = f"SELECT count(*) FROM deliveries WHERE status = 'pending' AND webhook IN ({marks})"  # noqa: S608 - marks
        return int(connection.execute(query, list(hooks)).fetchone()[0])
