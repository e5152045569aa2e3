"""A server that is killed, stopped and started again over one database: nothing accepted is lost or done twice.

PERSONA_SOAK is how often it is killed, 5 times by default; PERSONA_SOAK_SEED makes other moments.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter

import httpx
import pytest
from serving import study, until
from serving.evidence import ended_once, is_sound, journalled, key_of, statuses, told

KILLS = int(os.environ.get("PERSONA_SOAK", "5"))
SEED = int(os.environ.get("PERSONA_SOAK_SEED", "1"))
_PATIENCE = 60.0
_PERSONAS = 2
pytestmark = pytest.mark.parametrize("server", ["sqlite", "postgresql"], indirect=True)


class Killed:
    """A server that is given jobs and killed, and what is known of it from outside."""

    def __init__(self, server, model):
        self.server, self.model = server, model
        self.chance = random.Random(SEED)
        self.accepted = []
        self.in_flight = []
        self.again = []

    def post(self):
        """One job of a model whose name no other job's has, and one without a model."""
        name = f"openai/job-{len(self.accepted)}"
        for model in (name, "extractive"):
            job = self.server.post_job(study(_PERSONAS, model=model, options={"concurrency": 2}))
            self.accepted.append(job["id"])

    def kill(self):
        """Kill it at a random moment at which calls are in flight; keep what its journals held then."""
        until(lambda: self.model.in_flight)
        time.sleep(self.chance.uniform(0, 0.3))
        until(lambda: self.model.in_flight)
        self.in_flight.append(self.model.in_flight)
        self.server.kill()
        until(lambda: not self.model.in_flight)
        asked, held = len(self.model.requests), journalled(self.server)
        is_sound(self.server)
        self.server.start()
        self.again.append((asked, held))

    def end(self):
        """Wait until all jobs have ended."""
        for job in self.accepted:
            self.server.wait(job, patience=_PATIENCE)

    def check(self):
        """All that was accepted has ended once, and nothing was asked again whose answer was kept."""
        assert min(self.in_flight, default=1) > 0
        found = statuses(self.server)
        assert sorted(found) == sorted(self.accepted)
        assert set(found.values()) == {"completed"}
        rows = told(self.server)
        for job in self.accepted:
            ended_once(rows[job], _PERSONAS)
            assert len(self.server.job(job)["result"]["personas"]) == _PERSONAS
        keys = [key_of(request) for request in self.model.requests]
        for asked, held in self.again:
            assert not set(keys[asked:]) & set(held), "what was kept was asked again"
        held = journalled(self.server)
        assert set(held.values()) == {1}
        assert set(held) == set(keys)
        assert max(Counter(keys).values()) <= 1 + len(self.again)
        is_sound(self.server)


def test_killed_while_calls_are_in_flight(server, model):
    """No job is lost, none ends twice, nothing that was kept is asked again."""
    killed = Killed(server, model)
    with server:
        for _ in range(KILLS):
            killed.post()
            killed.kill()
        killed.end()
        killed.check()
        assert "Traceback" not in server.log
        assert "traceback" not in server.log


def posting(server, keys, known, stop):
    """Ask for jobs until told to stop or the server is gone; `known` keeps the answers."""
    for key in keys:
        if stop.is_set():
            return
        known[key] = ""
        try:
            known[key] = server.post_job(study(1), **{"Idempotency-Key": key})["id"]
        except httpx.HTTPError:  # killed in the middle of it
            return
        time.sleep(0.02)


def test_killed_while_it_accepts(server):
    """A request that was answered is kept; one that was not is kept whole or not at all, and can be sent again."""
    server.start()
    chance, known = random.Random(SEED), {}
    for number in range(max(2, KILLS // 3)):
        stop, keys = threading.Event(), [f"{number}-{i}" for i in range(100)]
        thread = threading.Thread(target=posting, args=(server, keys, known, stop))
        thread.start()
        time.sleep(chance.uniform(0.1, 0.3))
        server.kill()
        stop.set()
        thread.join()
        server.start()
    for key, job in known.items():
        again = server.post_job(study(1), **{"Idempotency-Key": key})["id"]
        assert job in {"", again}
        known[key] = again
    for job in known.values():
        assert server.wait(job, patience=_PATIENCE)["status"] == "completed"
    assert sorted(statuses(server)) == sorted(known.values())
    for events in told(server).values():
        ended_once(events, 1)
    is_sound(server)
