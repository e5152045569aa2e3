"""persona serve, keys and webhooks, as people run them."""

import json
import re
import signal
import time

import httpx
import pytest

from persona_core.signing import headers, signed_body

SECRET = "a secret of sixteen"
EVENT = {
    "id": "evt_1",
    "type": "generation.completed",
    "event": "generation.completed",
    "job_id": "job_1",
    "sequence": 7,
    "timestamp": "2026-11-22T10:00:00Z",
    "text": "Persona job job_1 completed: 3 personas",
    "data": {"personas": 3},
}


def said(process, pattern, patience=30.0):
    """What a line on stderr holds, once it is there."""
    until = time.monotonic() + patience
    seen = ""
    while time.monotonic() < until:
        line = process.stderr.readline().decode()
        seen += line
        if found := re.search(pattern, line):
            return found
        if not line and process.poll() is not None:
            break
    raise AssertionError(seen)


@pytest.fixture
def served(start, tmp_path):
    """A server on a port that was free, with its database."""
    database = f"sqlite:///{tmp_path / 'persona.db'}"
    process = start("serve", "--port", "0", "--database", database)
    yield said(process, r"Persona is at (http://\S+?);")[1], database
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    process.stderr.close()
    process.stdout.close()


def test_a_server_is_served_and_asks_for_keys_once_there_are_some(served, command):
    """From no key to one, to none again; the key works at once."""
    url, database = served
    assert httpx.get(f"{url}/api/v1/generate", trust_env=False).status_code == 200
    made = command("keys", "create", "anna", "--database", database)
    key = made.stdout.decode().strip()
    assert re.fullmatch(r"psk_[0-9a-f]{8}_\S{43}", key)
    time.sleep(0.3)
    assert httpx.get(f"{url}/api/v1/generate", trust_env=False).status_code == 401
    assert httpx.get(f"{url}/api/v1/generate", headers={"X-API-Key": key}, trust_env=False).status_code == 200
    listed = command("keys", "list", "--database", database).stdout.decode()
    assert "anna" in listed
    assert key not in listed
    id = re.search(r"key_[0-9a-f]{8}", listed)[0]
    assert command("keys", "revoke", id, "--database", database).returncode == 0
    assert command("keys", "revoke", id, "--database", database).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--host", "0.0.0.0"), "--auth-token"),  # noqa: S104 - it is refused
        (("--auth-token", "short"), "16 characters"),
        (("--retention", "soon"), "30d"),
        (("--port", "http"), "PERSONA_API_PORT"),
        (("--database", "mysql://x/y"), "sqlite:///"),
        (("--data-dir", "nowhere"), "no folder"),
        (("--allow-webhook-network", "private"), "10.0.0.0/8"),
    ],
)
def test_bad_settings_are_one_sentence_and_exit_3(command, tmp_path, arguments, what):
    """Nothing is served, and the sentence says what to do."""
    given = (
        arguments if "--database" in arguments else (*arguments, "--database", f"sqlite:///{tmp_path}/p.db")
    )
    done = command("serve", *given)
    assert done.returncode == 3
    assert what in done.stderr.decode()
    assert done.stderr.decode().count("\n") == 1


def test_a_receiver_checks_and_shows(start):
    """What is signed is shown and taken; what is not is refused with the reason."""
    process = start("webhooks", "listen", "--port", "0", "--secret", SECRET, "--count", "2")
    url = said(process, r"Listening at (\S+?);")[1]
    body = signed_body(EVENT, SECRET)
    signed = headers(body, webhook_id="msg_1", event=EVENT["type"], secrets=[SECRET], at=int(time.time()))
    assert httpx.post(url, content=body, headers=signed, trust_env=False).status_code == 204
    refused = httpx.post(url, content=body + b" ", headers=signed, trust_env=False)
    assert (refused.status_code, refused.text.strip()) == (400, "no_match")
    out, err = process.communicate(timeout=20)
    assert b"completed: 3 personas" in out
    assert b"no_match" in err


def test_a_delivery_in_a_file_is_checked(command, here):
    """By its own signature, or by the headers that came with it."""
    body = signed_body(EVENT, SECRET)
    (here / "delivery.json").write_bytes(body)
    done = command("webhooks", "verify", "delivery.json", "--secret", SECRET)
    assert done.returncode == 0
    assert b"3 personas" in done.stdout
    assert command("webhooks", "verify", "-", "--secret", SECRET, stdin=body[:-9] + b"x").returncode == 1
    signed = headers(body, webhook_id="msg_1", event=EVENT["type"], secrets=[SECRET], at=1_000_000_000)
    given = [part for name, value in signed.items() for part in ("-H", f"{name}: {value}")]
    late = command("webhooks", "verify", "delivery.json", *given, "--secret", SECRET)
    assert late.returncode == 1
    assert b"timestamp_too_old" in late.stderr


def test_the_schemas_of_the_wire(command):
    """Job and webhook, as JSON Schema."""
    for name in ("job", "webhook"):
        assert "properties" in json.loads(command("schema", name).stdout)
