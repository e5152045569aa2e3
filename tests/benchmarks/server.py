"""The server over loopback: beside a bare Starlette route, what accepting costs, and what it keeps of memory."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
from serving import Serving, study

from benchmarks.figures import Figure, Sizes

HEALTH, JOB, ACCEPTED = 0.7, 0.3, 200.0
"""Shares of the bare route's requests a second, and jobs accepted a second."""
KEPT_MB, STREAMS_MB, START, IDLE = 60.0, 50.0, 2.0, 0.005
BARE_IS = "a bare Starlette route"
BARE = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def bare(request):
    return PlainTextResponse("ok")

uvicorn.run(Starlette(routes=[Route("/", bare)]), port={port}, log_level="critical", access_log=False)
"""
LOAD = """
import json, sys, time, anyio
host, port, method, path, body, connections, seconds = json.loads(sys.argv[1])
head = f"{method} {path} HTTP/1.1\\r\\nHost: {host}\\r\\n"
if body:
    head += f"Content-Type: application/json\\r\\nContent-Length: {len(body.encode())}\\r\\n"
request = (head + "\\r\\n" + body).encode()
done, wrong = 0, 0

async def ask(until):
    global done, wrong
    async with await anyio.connect_tcp(host, port) as stream:
        buffered = b""
        while time.monotonic() < until:
            await stream.send(request)
            while b"\\r\\n\\r\\n" not in buffered:
                buffered += await stream.receive()
            head, _, rest = buffered.partition(b"\\r\\n\\r\\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\\r\\n")[0])
            while len(rest) < length:
                rest += await stream.receive()
            buffered = rest[length:]
            done += 1
            wrong += head[9:10] != b"2"

async def main():
    begun = time.monotonic()
    async with anyio.create_task_group() as tasks:
        for _ in range(connections):
            tasks.start_soon(ask, begun + seconds)
    return time.monotonic() - begun

took = anyio.run(main)
print(json.dumps([done / took, wrong]))
"""


def load(
    url: str, method: str, path: str, body: str = "", connections: int = 32, seconds: float = 2.0
) -> float:
    """Requests answered a second, asked by a process of its own."""
    host, port = url.removeprefix("http://").split(":")
    told = json.dumps([host, int(port), method, path, body, connections, seconds])
    answer = subprocess.run([sys.executable, "-c", LOAD, told], capture_output=True, text=True, check=True)
    rate, wrong = json.loads(answer.stdout)
    assert not wrong, f"{wrong} answers of {path} were no success"
    return float(rate)


@contextmanager
def bare() -> Iterator[tuple[str, float]]:
    """A route that says ok, under the same uvicorn: its address, and the seconds until it answered."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    begun = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", BARE.format(port=port)]) as process:
        while time.monotonic() < begun + 30:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", time.monotonic() - begun
        process.send_signal(signal.SIGTERM)


def megabytes(pid: int) -> float:
    """What a process holds of memory that is its own."""
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6


def run(sizes: Sizes) -> Iterator[Figure]:
    """Each figure with its goal."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _rates(Path(folder), sizes)
        yield from _accepting(Path(folder), sizes)
        yield from _memory(Path(folder), sizes)


def _rates(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    with bare() as (url, ready), Serving(folder / "rates") as server:
        yield Figure("server: start to ready", server.started, "s", START, floor=ready, floor_is=BARE_IS)
        job = server.wait(server.post_job()["id"])
        rates: dict[str, list[float]] = {"bare": [], "health": [], "job": []}
        for _ in range(sizes.rounds):
            for name, host, path in (
                ("bare", url, "/"),
                ("health", server.url, "/api/v1/health"),
                ("job", server.url, f"/api/v1/generate/{job['id']}"),
            ):
                rates[name].append(load(host, "GET", path, seconds=sizes.load_seconds))
        rate = {name: statistics.median(each) for name, each in rates.items()}
        for name, what, goal in (("health", "GET /health", HEALTH), ("job", "GET /generate/{id}", JOB)):
            yield Figure(
                f"server: {what}", rate[name], "/s", goal,
                least=True, floor=rate["bare"], floor_is=BARE_IS, in_floors=True,
            )  # fmt: skip
        yield Figure(
            "server: processor time of an idle one", idle(server.pid, sizes.idle_seconds), "s a second", IDLE
        )


def _accepting(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    floor = _durable(folder / "floor.db", sizes.load_seconds)
    with Serving(folder / "accepting", PERSONA_MAX_QUEUED="1000000", PERSONA_API_CONCURRENCY="1") as server:
        body = json.dumps(
            {"sources": [{"name": "a.md", "content": "Participant: I take the tram."}], "count": 1}
        )
        rate = load(server.url, "POST", "/api/v1/generate", body, seconds=sizes.load_seconds)
        yield Figure(
            "server: jobs accepted, durably", rate, "/s", ACCEPTED,
            least=True, floor=floor, floor_is="rows written to SQLite by one process, each durably",
        )  # fmt: skip
        server.kill()


def _durable(file: Path, seconds: float) -> float:
    """Rows that a bare loop writes in a second, each in a transaction that is on disk before the next."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, said TEXT)")
        begun, rows = time.perf_counter(), 0
        while time.perf_counter() < begun + seconds:
            database.execute("INSERT INTO jobs (said) VALUES (?)", ("I take the tram." * 60,))
            rows += 1
        return rows / (time.perf_counter() - begun)


def idle(pid: int, seconds: float) -> float:
    """Processor seconds a second of a process that has nothing to do."""
    time.sleep(1.0)
    before = psutil.Process(pid).cpu_times()
    time.sleep(seconds)
    after = psutil.Process(pid).cpu_times()
    return max(0.0, after.user + after.system - before.user - before.system) / seconds


def _memory(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    with Serving(folder / "memory", PERSONA_RETENTION="1h") as server:
        for id in [server.post_job()["id"] for _ in range(20)]:
            server.wait(id, patience=60)
        before = megabytes(server.pid)
        ids = [server.post_job()["id"] for _ in range(sizes.jobs)]
        for id in ids:
            server.wait(id, patience=600)
        kept = megabytes(server.pid) - before
        yield Figure(f"server: memory that {sizes.jobs:,} extractive jobs leave", kept, "MB", KEPT_MB)
        used = _streams(server, sizes.streams)
        yield Figure(f"server: memory of {sizes.streams} event streams", used, "MB", STREAMS_MB)


def _streams(server: Serving, count: int) -> float:
    """Streams of a job that waits, held by one process."""
    before = megabytes(server.pid)
    blocking = [server.post_job(study(count=1))["id"] for _ in range(2 * count)]
    path = f"/api/v1/generate/{blocking[-1]}/events"
    host, port = server.url.removeprefix("http://").split(":")
    held = []
    for _ in range(count):
        stream = socket.create_connection((host, int(port)))
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        held.append(stream)
    for stream in held:
        stream.recv(100)
    used = megabytes(server.pid) - before
    for stream in held:
        stream.close()
    return used
