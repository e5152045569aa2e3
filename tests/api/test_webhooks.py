"""Webhooks over real sockets: registered, signed, delivered, tried again, disabled."""

import hashlib
import hmac
import json
import time

import pytest
from serving import Serving, study
from serving.evidence import rows
from serving.receiver import receiving
from standardwebhooks.webhooks import Webhook as Official

from persona_core.signing import verify_body

PRIVATE = {
    "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
    "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
    "PERSONA_WEBHOOK_RETRY_SCHEDULE": "0.2,0.3,0.4",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory, on_either):
    """One server for the tests that do not mind each other."""
    with Serving(tmp_path_factory.mktemp("webhooks"), **PRIVATE, **on_either) as serving:
        yield serving


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture
def hook(server, receiver):
    """Register a webhook; gone after the test."""
    made = []

    def make(path, **more):
        with server.client() as client:
            answer = client.post("webhooks", json={"url": f"{receiver.url}{path}", **more})
            assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
        return answer.json()

    yield make
    with server.client() as client:
        for id in made:
            client.delete(f"webhooks/{id}")


def deliveries(server, hook, done=1, patience=20.0):
    """Deliveries of a webhook, once so many of them are not pending."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with server.client() as client:
            found = client.get(f"webhooks/{hook['id']}/deliveries", params={"limit": 100}).json()["data"]
        if sum(each["status"] != "pending" for each in found) >= done:
            return found
        time.sleep(0.05)
    raise TimeoutError(found)


def test_a_job_is_told_of_and_the_official_library_believes_it(server, receiver, hook):
    """Every event of a job arrives once, signed in three ways, without a name or a word of anybody's."""
    made = hook("/ok")
    job = server.wait(server.post_job()["id"])
    told = receiver.wait("/ok", job and len(server.events(job["id"])))
    official = Official(made["signing_secret"])
    for each in told:
        event = official.verify(each.body, each.headers)
        assert event["job_id"] == job["id"]
        assert event["event"] == event["type"] == each.headers["x-persona-event"]
        assert verify_body(each.body, made["secret"]) == event
        plain = hmac.new(made["secret"].encode(), each.body, hashlib.sha256).hexdigest()
        assert each.headers["x-persona-signature"] == f"sha256={plain}"
        assert len(each.body) < 20_000
    events = [json.loads(each.body) for each in told]
    assert sorted(each["sequence"] for each in events) == list(range(1, len(told) + 1))
    assert len({each.headers["webhook-id"] for each in told}) == len(told)
    last = max(events, key=lambda each: each["sequence"])
    assert last["type"] == "generation.completed"
    assert last["data"]["personas"] == 2
    assert last["data"]["job_url"] == job["links"]["self"]
    whole = b"".join(each.body for each in told).decode()
    for persona in job["result"]["personas"]:
        assert persona["name"] not in whole
        assert all(claim["text"] not in whole for claim in persona["goals"])


def test_only_events_that_are_wanted_come(server, receiver, hook):
    """The filter is by the event's type."""
    hook("/ok-filtered", events=["generation.completed"])
    server.wait(server.post_job()["id"])
    receiver.wait("/ok-filtered", 1)
    time.sleep(0.3)
    assert [json.loads(each.body)["type"] for each in receiver.at("/ok-filtered")] == ["generation.completed"]


def test_a_webhook_of_one_job(server, receiver):
    """`webhook_url` is told of its job alone; a secret is made and shown once."""
    job = server.post_job(study(webhook_url=f"{receiver.url}/ok-one"))
    secret = job["webhook"]["signing_secret"]
    server.wait(server.post_job()["id"])
    done = server.wait(job["id"])
    assert done.get("webhook") is None
    told = receiver.wait("/ok-one", len(server.events(job["id"])))
    assert {json.loads(each.body)["job_id"] for each in told} == {job["id"]}
    Official(secret).verify(told[0].body, told[0].headers)
    with server.client() as client:
        assert job["webhook"]["id"] not in [each["id"] for each in client.get("webhooks").json()["data"]]


def test_secrets_are_shown_once_and_headers_masked(server, receiver, hook):
    """After the first answer only a hint, and the token of a gateway nowhere; it is sent all the same."""
    made = hook("/ok-token", secret="a secret of our own", headers={"X-Token": "gateway-token-7"})
    assert made["secret"] == "a secret of our own"
    with server.client() as client:
        texts = [client.get("webhooks").text, client.get(f"webhooks/{made['id']}").text]
        assert client.post(f"webhooks/{made['id']}/ping").status_code == 202
    for text in texts:
        assert "a secret of our own" not in text
        assert "gateway-token-7" not in text
    assert made["headers"]["X-Token"] != "gateway-token-7"
    told = receiver.wait("/ok-token", 1)[0]
    assert told.headers["x-token"] == "gateway-token-7"
    assert json.loads(told.body)["type"] == "webhook.ping"
    assert json.loads(told.body)["job_id"] is None
    sealed = b"".join(
        bytes(each) for row in rows(server, "SELECT headers, secret FROM webhooks") for each in row
    )
    assert b"a secret of our own" not in sealed
    assert b"gateway-token-7" not in sealed


def test_what_fails_is_tried_again_under_the_same_id(server, receiver, hook):
    """Each attempt is kept with its status, and the message's id stays."""
    made = hook("/flaky", events=["generation.completed"])
    server.wait(server.post_job()["id"])
    told = receiver.wait("/flaky", 2)
    assert told[0].headers["webhook-id"] == told[1].headers["webhook-id"]
    found = deliveries(server, made)[0]
    assert found["status"] == "delivered"
    assert [each["status"] for each in found["attempts"]] == [503, 200]
    assert found["attempts"][0]["excerpt"] == "sorry"
    assert found["webhook_id"] == told[0].headers["webhook-id"]


def test_what_always_fails_ends_and_can_be_sent_again(server, receiver, hook):
    """After the last of the schedule it has failed; redelivering begins a new round under the same id."""
    made = hook("/fail", events=["generation.completed"])
    server.wait(server.post_job()["id"])
    found = deliveries(server, made)[0]
    assert found["status"] == "failed"
    assert len(found["attempts"]) == 4
    with server.client() as client:
        answer = client.post(f"webhooks/{made['id']}/deliveries/{found['id']}/redeliver")
        assert answer.status_code == 202
    assert len({each.headers["webhook-id"] for each in receiver.wait("/fail", 5)}) == 1


def test_retry_after_is_heeded(server, receiver, hook):
    """A receiver that asks for two seconds gets them."""
    hook("/later", events=["generation.completed"])
    server.wait(server.post_job()["id"])
    first, second = receiver.wait("/later", 2)[:2]
    assert second.at - first.at >= 1.9


def test_gone_disables_at_once(server, receiver, hook):
    """410: no further attempt, and the webhook says why it is disabled."""
    made = hook("/gone")
    server.wait(server.post_job()["id"])
    receiver.wait("/gone", 1)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with server.client() as client:
            shown = client.get(f"webhooks/{made['id']}").json()
        if not shown["enabled"]:
            break
        time.sleep(0.05)
    assert "410" in shown["disabled_reason"]
    with server.client() as client:
        assert client.post(f"webhooks/{made['id']}/ping").status_code == 409
        assert (
            client.patch(f"webhooks/{made['id']}", json={"enabled": True}).json()["disabled_reason"] is None
        )


def test_a_redirect_is_not_followed(server, receiver, hook):
    """A redirect to a cloud's metadata is a failure like any other."""
    made = hook("/redirect", events=["generation.completed"])
    server.wait(server.post_job()["id"])
    found = deliveries(server, made)[0]
    assert {each["status"] for each in found["attempts"]} == {307}


def test_receivers_that_misbehave_do_not_stop_the_others(server, receiver, hook):
    """One hangs, one floods, one resets: the healthy one has everything while they are at it."""
    for path in ("/hang", "/large", "/reset"):
        hook(path)
    hook("/ok-beside")
    begun = time.monotonic()
    job = server.wait(server.post_job()["id"])
    receiver.wait("/ok-beside", len(server.events(job["id"])), patience=8)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("path", ["/odd-place", "/odd-date"])
def test_no_answer_stops_what_others_are_sent(server, receiver, hook, path):
    """A header that nobody can read fails its own delivery, is tried again, and holds up neither jobs nor receivers."""
    odd, fine = hook(path, events=["generation.completed"]), hook("/ok", events=["generation.completed"])
    assert server.wait(server.post_job()["id"])["status"] == "completed"
    receiver.wait("/ok", 1)
    assert deliveries(server, fine)[0]["status"] == "delivered"
    failed = deliveries(server, odd)[0]
    assert failed["status"] == "failed"
    assert len(failed["attempts"]) == 4
    assert server.wait(server.post_job()["id"])["status"] == "completed"


def test_an_attempt_ends_before_the_server_does(tmp_path):
    """A server that is asked to stop waits for what is under way, and the delivery does not come again."""
    with receiving() as receiver, Serving(tmp_path, **PRIVATE) as server:
        with server.client() as client:
            made = client.post("webhooks", json={"url": f"{receiver.url}/slow"}).json()
            client.post(f"webhooks/{made['id']}/ping")
        receiver.wait("/slow", 1)
        server.stop()
        server.start()
        assert deliveries(server, made)[0]["status"] == "delivered"
        time.sleep(1.0)
        assert len(receiver.at("/slow")) == 1


def test_what_is_asked_for_again_comes_again(server, receiver, hook):
    """Asked for while an attempt is under way, a delivery is made once more."""
    made = hook("/slow", events=["webhook.ping"])
    with server.client() as client:
        ping = client.post(f"webhooks/{made['id']}/ping").json()
        receiver.wait("/slow", 1)
        again = client.post(f"webhooks/{made['id']}/deliveries/{ping['id']}/redeliver")
    assert again.status_code == 202, again.text
    assert len({each.headers["webhook-id"] for each in receiver.wait("/slow", 2)}) == 1


def test_another_address_is_not_judged_by_the_old_one(server, receiver, hook):
    """Gone is the address that said so, not the one that it was changed to meanwhile."""
    made = hook("/slow-gone", events=["webhook.ping"])
    with server.client() as client:
        client.post(f"webhooks/{made['id']}/ping")
        receiver.wait("/slow-gone", 1)
        client.patch(f"webhooks/{made['id']}", json={"url": f"{receiver.url}/ok"})
        deliveries(server, made)
        assert client.get(f"webhooks/{made['id']}").json()["enabled"] is True


def test_two_secrets_sign_while_one_is_rotated(server, receiver, hook):
    """For a day either verifies; the plain signatures stay the old one's."""
    made = hook("/ok-rotated")
    with server.client() as client:
        fresh = client.post(f"webhooks/{made['id']}/rotate-secret").json()
        client.post(f"webhooks/{made['id']}/ping")
    told = receiver.wait("/ok-rotated", 1)[0]
    for secret in (made["signing_secret"], fresh["signing_secret"]):
        Official(secret).verify(told.body, told.headers)
    plain = hmac.new(made["secret"].encode(), told.body, hashlib.sha256).hexdigest()
    assert told.headers["x-persona-signature"] == f"sha256={plain}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"url": "http://169.254.169.254/latest"}, "public internet"),
        ({"url": "ftp://example.com/"}, "/url"),
        ({"url": "https://user:pass@example.com/"}, "/url"),
        ({"url": "https://nowhere.invalid/hook"}, "leads to no address"),
        ({"url": "https://127.0.0.1/", "events": ["generation.finished"]}, "/events/0"),
        ({"url": "https://127.0.0.1/", "secret": "short"}, "/secret"),
        ({"url": "https://127.0.0.1/", "headers": {"Host": "evil"}}, "server's own"),
        ({"url": "https://127.0.0.1/", "headers": {"X-A": "a\r\nX-B: b"}}, "X-A"),
        ({"url": "https://127.0.0.1/", "headers": {"X-A": "a "}}, "X-A"),
        ({"url": "https://127.0.0.1/", "colour": "red"}, "colour"),
    ],
)
def test_bad_registrations_say_what_is_wrong(server, body, said):
    """A problem with a sentence."""
    with server.client() as client:
        answer = client.post("webhooks", json=body)
    assert answer.status_code == 422, answer.text
    assert said in answer.text


def test_nobody_sees_anothers_webhooks(tmp_path):
    """Another key's webhook is none."""
    with Serving(tmp_path, PERSONA_API_AUTH_TOKEN="t" * 20, **PRIVATE) as serving, receiving() as one:
        made = [serving.key()[1] for _ in range(2)]
        with serving.client(made[0]) as client:
            id = client.post("webhooks", json={"url": f"{one.url}/ok"}).json()["id"]
        with serving.client(made[1]) as client:
            assert client.get("webhooks").json()["data"] == []
            for method, path in (
                ("GET", ""),
                ("DELETE", ""),
                ("POST", "/ping"),
                ("POST", "/rotate-secret"),
                ("GET", "/deliveries"),
                ("POST", "/deliveries/dlv_x/redeliver"),
            ):
                assert client.request(method, f"webhooks/{id}{path}").status_code == 404
        with serving.client("t" * 20) as client:
            assert client.get(f"webhooks/{id}").status_code == 200


def test_why_a_job_failed_is_told_by_the_job_alone(server, receiver, hook):
    """A reason may name speakers or columns, and receivers may be anybody's chat."""
    hook("/ok-failed", events=["generation.failed"])
    job = server.wait(server.post_job(study(1, options={"group_by": "shoe size"}))["id"])
    assert "shoe size" in job["error"]["detail"]
    [told] = receiver.wait("/ok-failed", 1)
    assert b"shoe size" not in told.body
    assert json.loads(told.body)["data"]["job_url"].endswith(job["id"])
