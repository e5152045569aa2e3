"""Two servers and four workers under fire: a worker is killed every two seconds, another is cut off from the database.

PERSONA_DRILL is how many jobs they are given, 30 by default.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import anyio
import httpx
import pytest
from e2e.cluster import sharing
from serving import study, until
from serving.evidence import ended_once, journalled, key_of, rows, told
from serving.receiver import receiving
from standardwebhooks.webhooks import Webhook as Official

JOBS = int(os.environ.get("PERSONA_DRILL", "30"))
_MODEL = 5
"""One job of so many asks a model; the others make their personas themselves."""
_EVERY = 2.0
"""Seconds from one kill to the next."""
_CUT_OFF = 9.0
"""Seconds for which a worker is cut off: longer than it takes others to have its jobs."""
_PATIENCE = 120.0 + 6 * JOBS


@pytest.fixture
def cluster(postgres, model, tmp_path):
    """Nobody yet, on a new database."""
    with sharing(postgres, model, tmp_path) as cluster:
        yield cluster


class Following:
    """The event streams of all jobs, each at one of the servers, taken up again when it breaks."""

    def __init__(self, servers, jobs):
        self._at = dict(zip(jobs, cycle(servers), strict=False))
        self.came = defaultdict(list)
        self._thread = threading.Thread(target=anyio.run, args=(self._all,), daemon=True)
        self._thread.start()

    def wait(self):
        """Wait until every stream has ended."""
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive(), "streams are still open"

    async def _all(self):
        limits = httpx.Limits(max_connections=None)
        async with (
            httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client,
            anyio.create_task_group() as tasks,
        ):
            for job in self._at:
                tasks.start_soon(self._one, client, job)

    async def _one(self, client, job):
        url = f"{self._at[job].url}/api/v1/generate/{job}/events"
        while True:
            after = self.came[job][-1] if self.came[job] else 0
            async with client.stream("GET", url, headers={"Last-Event-ID": str(after)}) as answer:
                if answer.status_code == 204:
                    return
                assert answer.status_code == 200
                async for line in answer.aiter_lines():
                    if line.startswith("id: "):
                        self.came[job].append(int(line[4:]))


class Watching:
    """What the journals held, and how many requests the model had had by then."""

    def __init__(self, server, model):
        self._server, self._model, self._taken = server, model, []

    def look(self):
        """Remember both: the journals first."""
        held = set(journalled(self._server))
        self._taken.append((held, len(self._model.requests)))

    def check(self):
        """Assert that nothing was asked that was held before it was asked."""
        keys = [key_of(request) for request in self._model.requests]
        for held, then in self._taken:
            assert not held & set(keys[then:]), "what was answered was asked again"
        assert set(journalled(self._server).values()) == {1}


def posted(servers, number):
    """Ask one of the servers for a job."""
    model = f"openai/job-{number}" if number % _MODEL == 0 else "extractive"
    request = study(1 + number % 2, model=model, options={"concurrency": 2})
    return servers[number % len(servers)].post_job(request)["id"]


def over(server):
    """Whether all jobs are."""
    return rows(server, "SELECT count(*) FROM jobs WHERE status IN ('pending', 'running')") == [(0,)]


def test_the_drill(cluster):
    """Every job completes once, nothing answered is asked again, every stream is gapless, every webhook arrives."""
    chance = random.Random(1)
    cluster.model.latency = 0.1
    with receiving() as receiver:
        servers = [cluster.server(), cluster.server(1)]
        workers = [cluster.worker() for _ in range(3)]
        isolated, way = cluster.cut_off()
        wanted = {"url": f"{receiver.url}/ok-drill", "events": ["generation.completed"]}
        with servers[0].client() as client:
            answer = client.post("webhooks", json=wanted)
        assert answer.status_code == 201, answer.text
        hook = answer.json()
        with ThreadPoolExecutor(4) as pool:
            jobs = list(pool.map(lambda number: posted(servers, number), range(JOBS)))
        following, watching = Following(servers, jobs), Watching(servers[0], cluster.model)
        begun, kills = time.monotonic(), 0
        while not over(servers[0]) or kills < 3:
            assert time.monotonic() < begun + _PATIENCE, "they do not come to an end"
            victim = chance.choice(workers)
            victim.kill()
            watching.look()
            victim.start()
            kills += 1
            way.frozen = 0 <= time.monotonic() - begun - _EVERY < _CUT_OFF
            time.sleep(max(0.0, begun + kills * _EVERY - time.monotonic()))
        way.frozen = False
        following.wait()
        until(lambda: len({each.headers["webhook-id"] for each in receiver.at("/ok-drill")}) >= JOBS, 60)
        watching.check()
        found = told(servers[0])
        assert sorted(found) == sorted(jobs)
        for number, job in enumerate(jobs):
            ended_once(found[job], 1 + number % 2)
            assert following.came[job] == [each for each, _, _ in found[job]]
        came = [
            Official(hook["signing_secret"]).verify(each.body, each.headers)
            for each in receiver.at("/ok-drill")
        ]
        assert {each["job_id"] for each in came} == set(jobs)
        assert len({json.dumps(each["id"]) for each in came}) == JOBS
        until(lambda: rows(servers[0], "SELECT count(*) FROM procrastinate_jobs") == [(0,)], 30)
        until(lambda: rows(servers[0], "SELECT DISTINCT status FROM deliveries") == [("delivered",)], 30)
        assert isolated.stop() == 0
        said = "".join(each.log for each in servers)
        assert "traceback" not in said.lower()
