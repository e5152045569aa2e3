"""What only a server has: jobs, webhooks, and everything that can go wrong on the way."""

import subprocess
import sys
import threading
import time

import pytest
from serving import Serving
from serving.answering import answering
from serving.receiver import receiving

from persona_core.testing import SAMPLE
from persona_sdk import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    LoadError,
    PersonaClient,
    PersonaSet,
    SignatureError,
)

PAIRS = [(name, text.encode()) for name, text in SAMPLE.items()]
PRIVATE = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Serving(tmp_path_factory.mktemp("remote"), PERSONA_API_AUTH_TOKEN="t" * 24, **PRIVATE) as serving:
        yield serving


@pytest.fixture
def client(server):
    with PersonaClient(base_url=server.url, api_key="t" * 24) as one:
        yield one


def test_jobs_from_creation_to_deletion(client):
    """Created, waited for, listed over pages, followed, deleted."""
    made = [client.jobs.create(PAIRS, count=1).id for _ in range(3)]
    done = client.jobs.wait(made[0], timeout=30)
    assert done.status == "completed"
    assert len(done.result.personas) == 1
    assert [each.id for each in client.jobs.list(limit=2)][:3] == made[::-1]
    told = [each.sequence for each in client.jobs.events(made[0])]
    assert told == list(range(1, len(told) + 1))
    assert [each.sequence for each in client.jobs.events(made[0], after=2)] == told[2:]
    assert client.jobs.cancel(made[0]).status == "completed"
    client.jobs.delete(made[0])
    with pytest.raises(APIStatusError) as gone:
        client.jobs.get(made[0])
    assert gone.value.status == 404
    assert gone.value.request_id


def test_webhooks_from_creation_to_deletion(client):
    """Created, pinged, seen, rotated, changed, deleted; what came is unwrapped."""
    with receiving() as receiver:
        made = client.webhooks.create(f"{receiver.url}/ok", events=["generation.completed", "webhook.ping"])
        client.webhooks.ping(made.id)
        came = receiver.wait("/ok", 1)[0]
        event = client.webhooks.unwrap(came.body, came.headers, secret=made.secret)
        assert event.type == "webhook.ping"
        with pytest.raises(SignatureError) as refused:
            client.webhooks.unwrap(came.body + b" ", came.headers, secret=made.secret)
        assert refused.value.reason == "no_match"
        until = time.monotonic() + 10
        while (
            first := next(client.webhooks.deliveries(made.id))
        ).status == "pending" and time.monotonic() < until:
            time.sleep(0.05)
        assert first.attempts[0].status == 200
        assert client.webhooks.rotate_secret(made.id).secret != made.secret
        assert not client.webhooks.update(made.id, enabled=False).enabled
        assert made.id in [each.id for each in client.webhooks.list()]
        client.webhooks.delete(made.id)
        with pytest.raises(APIStatusError):
            client.webhooks.get(made.id)


def test_a_wrong_key_is_said(server):
    """With the status and the server's sentence."""
    with PersonaClient(base_url=server.url, api_key="wrong") as one, pytest.raises(APIStatusError) as refused:
        one.generate(PAIRS)
    assert refused.value.status == 401
    assert "key" in str(refused.value)


def test_no_server_is_said():
    """Nobody there, an address that is none, somebody else there."""
    nobody = PersonaClient(base_url="http://127.0.0.1:9", retries=0)
    with nobody as one, pytest.raises(APIConnectionError, match="cannot be reached"):
        one.generate(PAIRS)
    with pytest.raises(ConfigurationError, match="http"):
        PersonaClient(base_url="localhost:8000")
    with (
        receiving() as other,
        PersonaClient(base_url=other.url, retries=0) as one,
        pytest.raises(APIStatusError, match="is it one"),
    ):
        one.jobs.get("job_x")


@pytest.mark.parametrize("odd", ["../webhooks", "a/b", "..", ".", "a?b#c", "ä"])
def test_an_id_leads_nowhere_else(client, odd):
    """Whatever it holds, it is one part of a path."""
    with pytest.raises(APIStatusError) as refused:
        client.jobs.get(odd)
    assert refused.value.status == 404


def test_streams_that_say_nothing_end_with_the_job(client):
    """Something between cuts every stream off: the job is asked for, and what listened comes to its end."""
    job = client.jobs.wait(client.jobs.create(PAIRS, count=1).id)
    with answering(job.model_dump(mode="json")) as url, PersonaClient(base_url=url, retries=0) as one:
        assert list(one.jobs.events(job.id)) == []


def test_a_server_that_does_not_answer_is_a_timeout():
    """The request ends when it should."""
    with (
        receiving() as receiver,
        PersonaClient(base_url=f"{receiver.url}/hang", timeout=0.3, retries=0) as one,
        pytest.raises(APITimeoutError),
    ):
        one.score(PersonaSet(), PAIRS)


def test_a_server_that_dies_and_comes_back_is_waited_for(tmp_path):
    """Killed while a job is followed: the events go on where they were, none twice."""
    with (
        Serving(tmp_path, PERSONA_API_CONCURRENCY="1") as server,
        PersonaClient(base_url=server.url, retries=8) as one,
    ):
        for _ in range(3):
            one.jobs.create(PAIRS, count=2)
        job = one.jobs.create(PAIRS, count=2)
        told = []

        def follow():
            told.extend(each.sequence for each in one.jobs.events(job.id))

        following = threading.Thread(target=follow)
        following.start()
        server.kill()
        server.start()
        following.join(60)
        assert not following.is_alive()
        assert told == list(range(1, len(told) + 1))
        assert one.jobs.get(job.id).status == "completed"


def test_two_threads_share_a_client(client):
    """Calls from several threads do not get into each other's way."""
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(client.generate(PAIRS, count=1))) for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(found) == 4


def test_secrets_are_not_shown(client):
    """Neither in a repr nor in an error."""
    assert "tttt" not in repr(client._async._settings)


@pytest.mark.parametrize(("said", "status"), [(b"<html>", 404), (b"<html>", 503), (b"data: {}\n\n", 200)])
def test_what_is_no_server_is_named_without_the_password(said, status):
    """What stands in front of a server may answer in its place, also where events are asked for."""
    with (
        answering(said, status) as url,
        PersonaClient(base_url=url.replace("//", "//me:tapir@"), retries=0) as one,
        pytest.raises(APIError) as refused,
    ):
        list(one.jobs.events("job_1"))
    assert "127.0.0.1" in str(refused.value)
    assert "tapir" not in str(refused.value)


def test_a_server_of_another_version_is_said():
    """The client warns once, and goes on."""
    with (
        answering({"status": "ok", "version": "9.9.0"}) as url,
        PersonaClient(base_url=url, retries=0) as one,
    ):
        with (
            pytest.warns(UserWarning, match=r"the server is of version 9\.9\.0"),
            pytest.raises(APIError, match="is it one"),
        ):
            one.jobs.get("job_1")
        with pytest.raises(APIStatusError, match="is it one"):
            one.jobs.delete("job_1")


def test_what_only_a_newer_server_says_is_passed_over(client):
    """Fields that this version does not know are left out, at any depth."""
    done = client.jobs.wait(client.jobs.create(PAIRS, count=1).id)
    document = done.model_dump(mode="json", exclude_none=True) | {"mood": "good"}
    document["result"]["personas"][0]["shoe_size"] = 43
    with answering(document) as url, PersonaClient(base_url=url, retries=0) as one:
        assert one.jobs.get(done.id) == done


def test_a_folder_is_sent_piece_by_piece(client, tmp_path):
    """A file is open only while it is sent, and one that is gone by then is named."""
    from persona_core.loading.files import Found
    from persona_sdk.sources import Upload

    file = tmp_path / "one.txt"
    file.write_bytes(b"0123456789")
    upload = Upload(Found("one.txt", file))
    assert (upload.seek(0, 2), upload.seek(0), upload.read(4), upload.tell(), upload.read()) == (
        10,
        0,
        b"0123",
        4,
        b"456789",
    )
    upload.seek(0)
    file.write_bytes(b"012")
    with pytest.raises(LoadError, match="changed while it was sent"):
        b"".join(iter(lambda: upload.read(2), b""))
    file.unlink()
    upload.seek(0)
    with pytest.raises(LoadError, match=r"one\.txt: cannot be read"):
        upload.read(2)


def test_a_program_that_forgets_to_close_ends():
    """Nothing waits for a client that nobody closed, an error included."""
    program = "from persona_sdk import PersonaClient\nPersonaClient().generate('I wait.\\nP: I hate waiting for trams.')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert done.returncode in {0, 1}
