"""A server whose files cannot grow, as on a full disk, until they can."""

from __future__ import annotations

import sys

import pytest
from serving import study, until
from serving.evidence import ended_once, is_sound, journalled, key_of, statuses, told

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set on Linux")


def limit(server, size):
    """Let no file of the server's grow beyond so many bytes; gives what was so before."""
    import resource

    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    return before[0]


def test_a_full_disk(server, model):
    """Nothing is kept by halves, what is there can be read, and jobs go on once there is room."""
    server.start()
    done = server.post_job(study(1))["id"]
    server.wait(done)
    jobs = [server.post_job(study(2, model=f"openai/job-{number}"))["id"] for number in range(3)]
    until(lambda: journalled(server))
    until(lambda: model.in_flight)
    room = limit(server, 4096)
    with server.client() as client:
        for _ in range(3):
            refused = client.post("generate", json=study())
            assert refused.status_code == 503
            assert refused.headers["content-type"] == "application/problem+json"
            assert "full disk" in refused.json()["detail"]
        assert client.delete(f"generate/{done}").status_code == 503
        assert client.get(f"generate/{done}").json()["status"] == "completed"
        assert len(client.get("generate").json()["data"]) == 4
    assert server.events(done)[-1]["type"] == "generation.completed"
    until(lambda: not model.in_flight)
    assert sorted(statuses(server)) == sorted([done, *jobs])
    before, held = len(model.requests), set(journalled(server))
    limit(server, room)
    for job in jobs:
        assert server.wait(job)["status"] == "completed"
        ended_once(told(server)[job], 2)
    assert not {key_of(request) for request in model.requests[before:]} & held
    assert set(journalled(server).values()) == {1}
    assert server.wait(server.post_job(study(1))["id"])["status"] == "completed"
    is_sound(server)
