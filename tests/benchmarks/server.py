"""The server over loopback: beside a bare Starlette route, what accepting costs, and what it keeps of memory."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Serving, study

HEALTH, JOB, ACCEPTED = 0.7, 0.3, 200.0
"""Shares of the bare route's requests a second, and jobs accepted a second."""
KEPT_MB, STREAMS_MB, START = 60.0, 50.0, 2.0
JOBS, STREAMS, ROUNDS = 1000, 100, 3
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
def bare() -> Iterator[str]:
    """A route that says ok, under the same uvicorn."""
    port = 18_734
    with subprocess.Popen([sys.executable, "-c", BARE.format(port=port)]) as process:
        for _ in range(200):
            try:
                load(f"http://127.0.0.1:{port}", "GET", "/", connections=1, seconds=0.1)
                break
            except subprocess.CalledProcessError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)


def megabytes(pid: int) -> float:
    """What a process holds of memory that is its own."""
    return float(psutil.Process(pid).memory_full_info().uss) / 1e6


def run() -> Iterator[dict[str, Any]]:
    """Each figure with its goal."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _rates(Path(folder))
        yield from _memory(Path(folder))


def _rates(folder: Path) -> Iterator[dict[str, Any]]:
    with bare() as url, Serving(folder / "rates") as server:
        yield _most("server: start to ready", server.started, START, "s")
        job = server.wait(server.post_job()["id"])
        floors, health, one = [], [], []
        for _ in range(ROUNDS):
            floors.append(load(url, "GET", "/"))
            health.append(load(server.url, "GET", "/api/v1/health"))
            one.append(load(server.url, "GET", f"/api/v1/generate/{job['id']}"))
        floor = statistics.median(floors)
        yield _least("server: GET /health ÷ bare route", statistics.median(health) / floor, HEALTH, floor)
        yield _least("server: GET /generate/{id} ÷ bare route", statistics.median(one) / floor, JOB, floor)
        yield _most("server: processor time of an idle server", _idle(server.pid), 0.005, "s a second")
    with Serving(folder / "accepting", PERSONA_MAX_QUEUED="1000000", PERSONA_API_CONCURRENCY="1") as server:
        body = json.dumps(
            {"sources": [{"name": "a.md", "content": "Participant: I take the tram."}], "count": 1}
        )
        rate = load(server.url, "POST", "/api/v1/generate", body)
        yield {"name": "server: jobs accepted a second, durably", "value": rate, "unit": "/s", "goal": ACCEPTED, "floor": None, "passed": rate >= ACCEPTED}  # fmt: skip
        server.kill()


def _idle(pid: int) -> float:
    time.sleep(1.0)
    before = psutil.Process(pid).cpu_times()
    time.sleep(3.0)
    after = psutil.Process(pid).cpu_times()
    return (after.user + after.system - before.user - before.system) / 3.0


def _memory(folder: Path) -> Iterator[dict[str, Any]]:
    with Serving(folder / "memory", PERSONA_RETENTION="1h") as server:
        for id in [server.post_job()["id"] for _ in range(20)]:
            server.wait(id, patience=60)
        before = megabytes(server.pid)
        ids = [server.post_job()["id"] for _ in range(JOBS)]
        for id in ids:
            server.wait(id, patience=600)
        yield _most(
            "server: memory that 1,000 extractive jobs leave", megabytes(server.pid) - before, KEPT_MB, "MB"
        )
        yield _most("server: memory of 100 event streams", _streams(server), STREAMS_MB, "MB")


def _streams(server: Serving) -> float:
    """Streams of a job that waits, held by one process."""
    before = megabytes(server.pid)
    blocking = [server.post_job(study(count=1))["id"] for _ in range(200)]
    path = f"/api/v1/generate/{blocking[-1]}/events"
    host, port = server.url.removeprefix("http://").split(":")
    import socket

    held = []
    for _ in range(STREAMS):
        stream = socket.create_connection((host, int(port)))
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        held.append(stream)
    for stream in held:
        stream.recv(100)
    used = megabytes(server.pid) - before
    for stream in held:
        stream.close()
    return used


def _most(name: str, value: float, goal: float, unit: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "floor": None, "passed": value <= goal}


def _least(name: str, value: float, goal: float, floor: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "×",
        "goal": goal,
        "floor": f"{floor:,.0f}/s",
        "passed": value >= goal,
    }


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    for each in run():
        sys.stdout.write(f"{each}\n")
