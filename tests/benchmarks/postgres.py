"""Servers and workers that share PostgreSQL: beside its own commits and notifications, and beside one server on SQLite."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from e2e.cluster import Cluster, sharing
from loopback import Loopback
from loopback.synthesis import truthful
from postgres import PostgresServer
from serving import Serving, study, until
from serving.evidence import rows

from benchmarks.figures import Figure, Sizes
from benchmarks.server import load

ACCEPTED, DONE, HEARD, TAKEN_OVER = 200.0, 0.5, 50.0, 10.0
"""Jobs accepted a second; jobs done beside SQLite's; ms to another server; s to another worker."""
_COMMITS_ARE = "single rows committed by 8 connections"


def run(sizes: Sizes) -> Iterator[Figure]:
    """Each figure with its goal."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresServer() as postgres,
        Loopback(answer=truthful, latency=0.05) as model,
        sharing(postgres, model, Path(folder)) as cluster,
    ):
        yield from _accepting(cluster, sizes)
        yield from _telling(cluster, sizes)
        yield _taking_over(cluster)
        yield from _doing(cluster, Path(folder), sizes)


def _accepting(cluster: Cluster, sizes: Sizes) -> Iterator[Figure]:
    server = cluster.server()
    body = json.dumps(study(1))
    accepted = load(server.url, "POST", "/api/v1/generate", body, seconds=sizes.load_seconds)
    commits = _commits(cluster, sizes.load_seconds)
    yield Figure(
        "postgres: jobs accepted", accepted, "/s", ACCEPTED,
        least=True, floor=commits, floor_is=_COMMITS_ARE,
    )  # fmt: skip
    with psycopg.connect(server.database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE jobs CASCADE")
        connection.execute("TRUNCATE procrastinate_jobs CASCADE")
    server.kill()


def _commits(cluster: Cluster, seconds: float) -> float:
    url = cluster.settings["PERSONA_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE commits (at float)")
    until_then = time.monotonic() + seconds

    def commit(_number: int) -> int:
        done = 0
        with psycopg.connect(url, autocommit=True) as connection:
            while time.monotonic() < until_then:
                connection.execute("INSERT INTO commits VALUES (1.0)")
                done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(commit, range(8))) / seconds


def _telling(cluster: Cluster, sizes: Sizes) -> Iterator[Figure]:
    """From an event's commit by one process to its line in a stream of another."""
    one, other = cluster.server(1), cluster.server()
    waits: list[float] = []
    for _ in range(5 * sizes.rounds):
        job = one.post_job(study(1))["id"]
        heard: dict[int, float] = {}
        with other.client() as client, client.stream("GET", f"generate/{job}/events") as answer:
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    heard[int(line[4:])] = time.time()
        told = {
            number: at for of, number, at in rows(one, "SELECT job, sequence, at FROM events") if of == job
        }
        waits += [heard[number] - told[number] for number in heard if number > 1]
    yield Figure(
        "postgres: an event heard at another server", statistics.median(waits) * 1000, "ms", HEARD,
        floor=_notification(cluster) * 1000, floor_is="a notification between two connections",
    )  # fmt: skip
    one.kill()
    other.kill()


def _notification(cluster: Cluster) -> float:
    url = cluster.settings["PERSONA_DATABASE_URL"]
    took: list[float] = []
    with psycopg.connect(url, autocommit=True) as one, psycopg.connect(url, autocommit=True) as other:
        other.execute("LISTEN bare")
        for _ in range(20):
            begun = time.perf_counter()
            one.execute("NOTIFY bare")
            next(other.notifies(timeout=5))
            took.append(time.perf_counter() - begun)
    return statistics.median(took)


def _taking_over(cluster: Cluster) -> Figure:
    """From the death of a worker to its job's next attempt."""
    server, worker = cluster.server(), cluster.worker()
    cluster.model.latency = 60
    job = server.post_job(study(1, model="openai/slow"))["id"]
    until(lambda: cluster.model.in_flight)
    other = cluster.worker()
    worker.kill()
    took = until(lambda: (job, 2) in rows(server, "SELECT id, attempt FROM jobs"))
    with server.client() as client:
        client.post(f"generate/{job}/cancel")
    for each in (server, other):
        each.kill()
    return Figure(
        "postgres: a dead worker's job begun anew", took, "s", TAKEN_OVER,
        floor=5.0, floor_is="for so long a worker may be silent",
    )  # fmt: skip


def _doing(cluster: Cluster, folder: Path, sizes: Sizes) -> Iterator[Figure]:
    """Offline jobs from the first accepted to the last done: two servers and two workers, and one server on SQLite."""
    servers = [cluster.server(), cluster.server()]
    workers = [cluster.worker(2), cluster.worker(2)]
    shared = _done(servers, sizes)
    for each in (*servers, *workers):
        each.kill()
    with Serving(folder / "one") as server:
        alone = _done([server], sizes)
    yield Figure(
        "postgres: jobs done by two workers", shared, "/s", DONE,
        least=True, floor=alone, floor_is="one server on SQLite", in_floors=True,
    )  # fmt: skip


def _done(servers: list[Serving], sizes: Sizes) -> float:
    count = max(4, sizes.jobs // 5)
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: servers[number % len(servers)].post_job(study(1)), range(count)))
    left = "SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')"
    until(lambda: rows(servers[0], left) == [(0,)], patience=300)
    return count / (time.monotonic() - begun)
