"""A server killed between events and their deliveries: every receiver has the end of every job, under one id."""

import json
import sqlite3
import time
from contextlib import closing

import pytest
from serving import Serving, study
from serving.receiver import receiving
from standardwebhooks.webhooks import Webhook as Official

JOBS, KILLS = 12, 3
SETTINGS = {
    "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
    "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
    "PERSONA_WEBHOOK_RETRY_SCHEDULE": "0.3,0.5,1,2",
}


def outbox(server):
    """Deliveries by whether they are done, as the database has them."""
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT status, count(*) FROM deliveries GROUP BY status").fetchall())


@pytest.mark.parametrize("path", ["/ok-all", "/flaky"])
def test_every_completed_job_is_told_of_once(tmp_path, path):
    """Killed while deliveries are in flight; the official library alone decides what a delivery is."""
    with receiving() as receiver, Serving(tmp_path, **SETTINGS) as server:
        with server.client() as client:
            hook = client.post(
                "webhooks", json={"url": f"{receiver.url}{path}", "events": ["generation.completed"]}
            ).json()
        jobs = [server.post_job(study(count=1))["id"] for _ in range(JOBS)]
        for kill in range(KILLS):
            receiver.wait(path, 1 + kill * 3, patience=30)
            server.kill()
            server.start()
        for job in jobs:
            assert server.wait(job, patience=60)["status"] == "completed"
        until = time.monotonic() + 40
        while outbox(server).get("pending") and time.monotonic() < until:
            time.sleep(0.1)
        assert outbox(server) == {"delivered": JOBS}
    official = Official(hook["signing_secret"])
    ids: dict[str, set[str]] = {}
    for each in receiver.at(path):
        event = official.verify(each.body, each.headers)
        assert event == json.loads(each.body)
        ids.setdefault(event["job_id"], set()).add(each.headers["webhook-id"])
    assert set(ids) == set(jobs)
    assert all(len(each) == 1 for each in ids.values())
