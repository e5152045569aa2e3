"""A server that is asked to stop, and jobs that are cancelled, in the middle of what they do."""

from __future__ import annotations

import random
import threading
import time

import pytest
from serving import study, until
from serving.evidence import ENDS, ended_once, is_sound, journalled, key_of, statuses, told

_SOON = 3.0
"""Seconds: a tenth of a second as a rule, on a machine that does nothing else."""
_WORDS = (
    "tram bus wait ticket price seat rain phone queue evening work want need hate love never because".split()
)

pytestmark = pytest.mark.parametrize("server", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="module")
def large():
    """A survey of 20,000 rows: half a minute of an extractive job."""
    chance = random.Random(1)
    rows = (f"{i},I want {' '.join(chance.choices(_WORDS, k=20))} to be better" for i in range(20_000))
    return {"sources": [{"name": "survey.csv", "content": "id,answer\n" + "\n".join(rows)}], "count": 3}


def asked(number):
    """A job of a model whose name no other job's has."""
    return study(2, model=f"openai/job-{number}", options={"concurrency": 2})


def test_asked_to_stop(server, model):
    """SIGTERM: streams end at once, jobs wait for the next start in peace, and go on where they were."""
    server.settings["PERSONA_GRACEFUL"] = "4"
    server.start()
    jobs = [server.post_job(asked(number))["id"] for number in range(3)]
    until(lambda: journalled(server))
    model.latency = 30
    until(lambda: model.in_flight)
    ended = []
    followers = [
        threading.Thread(target=lambda job=job: (server.events(job), ended.append(time.monotonic())))
        for job in jobs
    ]
    for follower in followers:
        follower.start()
    time.sleep(0.5)
    begun = time.monotonic()
    assert server.stop() == 0
    took = time.monotonic() - begun
    for follower in followers:
        follower.join()
    assert len(ended) == 3
    assert max(ended) - begun < _SOON < 4 <= took < 12
    assert set(statuses(server).values()) == {"pending"}
    assert not [kind for rows in told(server).values() for _, kind, _ in rows if kind in ENDS]
    is_sound(server)
    before, held = len(model.requests), set(journalled(server))
    model.latency = 0.05
    server.start()
    for job in jobs:
        assert server.wait(job)["status"] == "completed"
        ended_once(told(server)[job], 2)
    assert not {key_of(request) for request in model.requests[before:]} & held
    assert "traceback" not in server.log.lower()


def test_asked_to_stop_while_it_computes(server, large):
    """A job that says nothing for many seconds holds nobody up."""
    server.start()
    job = server.post_job(large)["id"]
    until(lambda: server.job(job)["progress"]["stage"] == "grouping")
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 1 + 1 + _SOON
    assert statuses(server) == {job: "pending"}
    is_sound(server)
    server.start()
    until(lambda: server.job(job)["status"] == "running")
    assert "traceback" not in server.log.lower()


def test_cancelling_drops_the_call_to_the_model(server, model):
    """The model sees that nobody waits for its answer any more."""
    model.fault = "hang"
    server.start()
    job = server.post_job(asked(1))["id"]
    until(lambda: model.in_flight)
    with server.client() as client:
        assert client.post(f"generate/{job}/cancel").json()["status"] == "cancelled"
    assert until(lambda: not model.in_flight) < _SOON
    ended_once(told(server)[job], 0, "generation.cancelled")


@pytest.mark.parametrize("moment", [0.0, 0.3, 2.5])
def test_cancelling_ends_what_computes(server, large, moment):
    """The next job has its turn at once, and the cancelled one writes nothing any more."""
    server.settings["PERSONA_API_CONCURRENCY"] = "1"
    server.start()
    job = server.post_job(large)["id"]
    until(lambda: server.job(job)["status"] == "running")
    time.sleep(moment)
    with server.client() as client:
        assert client.post(f"generate/{job}/cancel").json()["status"] == "cancelled"
    rows = told(server)[job]
    after = server.post_job(study(1))["id"]
    assert until(lambda: server.job(after)["status"] != "pending") < _SOON
    assert server.wait(after)["status"] == "completed"
    assert told(server)[job] == rows
    assert [kind for _, kind, _ in rows if kind in ENDS] == ["generation.cancelled"]
    assert "traceback" not in server.log.lower()
