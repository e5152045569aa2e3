"""Finished jobs go when their time is up, with every word; a clock that is set changes nothing of that."""

from __future__ import annotations

import time

from serving import study, until
from serving.evidence import ended_once, is_sound, opened, told

from persona_api.clock import Clock
from persona_core.testing import SAMPLE

_YEAR = 365 * 86_400
_SET = """
import os, time
_true = time.time
def _set():
    try:
        with open(os.environ["CLOCK"]) as file:
            return _true() + float(file.read() or 0)
    except OSError:
        return _true()
time.time = _set
"""
"""Read by the server's Python when it starts: a wall clock that is ahead by as many seconds as a file says."""


def gone(server, job):
    """Whether there is no such job."""
    with server.client() as client:
        return client.get(f"generate/{job}").status_code == 404


def kept(server):
    """All bytes of the database's files."""
    return b"".join(each.read_bytes() for each in server.folder.glob("persona.db*") if each.is_file())


def said():
    """Sentences of the study, as its participants said them."""
    lines = [line.partition(": ")[2] for text in SAMPLE.values() for line in text.splitlines()]
    return [line.encode() for line in lines if len(line) > 40]


def test_nothing_of_a_finished_job_is_left(server):
    """Sources, journal, events and result go, and their words are nowhere in the database's files."""
    server.settings["PERSONA_RETENTION"] = "never"
    with server:
        jobs = [server.post_job(study(2, model=name))["id"] for name in ("openai/any", "extractive")]
        for job in jobs:
            assert server.wait(job)["status"] == "completed"
        assert [words for words in said() if words in kept(server)]
        server.kill()
        server.settings["PERSONA_RETENTION"] = "2s"
        server.start()
        jobs.append(server.post_job(study(1))["id"])
        until(lambda: all(gone(server, job) for job in jobs))
        until(lambda: not [words for words in said() if words in kept(server)], patience=10)
        assert told(server) == {}
        is_sound(server)


def test_what_was_deleted_before_a_crash_is_gone_after_it(server):
    """Words that a killed server had deleted and not yet overwritten do not stay in the log beside the file."""
    server.start()
    job = server.post_job(study(1))["id"]
    server.wait(job)
    with opened(server.database) as beside:  # as the server deletes, up to where it would have been killed
        beside.execute("PRAGMA secure_delete=ON")
        beside.execute("PRAGMA foreign_keys=ON")
        beside.execute("DELETE FROM jobs")
        beside.commit()
    server.kill()
    assert [words for words in said() if words in kept(server)]
    server.start()
    assert not [words for words in said() if words in kept(server)]


def test_a_wall_clock_that_is_set(server, model, tmp_path):
    """Times of a job are in order, it ends, and it goes when its time is up."""
    (tmp_path / "sitecustomize.py").write_text(_SET)
    clock = tmp_path / "clock"
    server.settings.update(PYTHONPATH=str(tmp_path), CLOCK=str(clock), PERSONA_RETENTION="6s")
    with server:
        job = server.post_job(study(2, model="openai/any"))["id"]
        for ahead in (_YEAR, -_YEAR, 0, -3600):
            until(lambda: model.in_flight)
            clock.write_text(str(ahead))
        done = server.wait(job)
        assert done["created_at"] <= done["started_at"] <= done["completed_at"]
        ended_once(told(server)[job], 2)
        until(lambda: gone(server, job), patience=30)


def test_a_restart_with_the_clock_set_back(server, model, tmp_path):
    """A job that began in what is now the future ends, and took no less than no time."""
    (tmp_path / "sitecustomize.py").write_text(_SET)
    clock = tmp_path / "clock"
    server.settings.update(PYTHONPATH=str(tmp_path), CLOCK=str(clock))
    server.start()
    job = server.post_job(study(2, model="openai/any"))["id"]
    until(lambda: model.in_flight)
    server.kill()
    clock.write_text(str(-_YEAR))
    server.start()
    assert server.wait(job)["status"] == "completed"
    rows = told(server)[job]
    ended_once(rows, 2)
    assert rows[-1][2]["duration_seconds"] >= 0


def test_the_servers_clock_does_not_jump(monkeypatch):
    """It goes on from where the wall's was at the start."""
    now = Clock(time.time())
    before = now()
    monkeypatch.setattr(time, "time", lambda: before + _YEAR)
    assert before <= now() < before + 3600
    assert Clock(time.time())() >= before + _YEAR
