"""Who may ask what: keys, their owners, strangers' web pages, and what the log does not hold."""

import os
import subprocess
import sys
import time

import httpx
import pytest
from serving import Serving, study, until

from persona_api.operations import OPERATIONS
from persona_api.operations.operation import PREFIX
from persona_api.store import keys, open_database

TOKEN = "token-of-the-operator-0123456789"
EVERYWHERE = "0.0.0.0"  # noqa: S104
PLANTED = "The xylophonist hums in the boathouse at noon."


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with a token."""
    with Serving(tmp_path_factory.mktemp("keyed"), PERSONA_API_AUTH_TOKEN=TOKEN) as serving:
        yield serving


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    """A server on loopback without any key."""
    with Serving(tmp_path_factory.mktemp("open")) as serving:
        yield serving


def revoked(server, id):
    """Take a key away."""
    database = open_database(f"sqlite:///{server.database}", hold=False)
    try:
        assert database.write_now(lambda connection: keys.revoke(connection, id, time.time()))
    finally:
        database.close()


def test_on_loopback_nobody_needs_a_key(open_server):
    """Local programs, and the server's own page."""
    with open_server.client() as client:
        assert client.get("generate").status_code == 200
        assert client.get("generate", headers={"Origin": open_server.url}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "evil.example:8000"},
        {"Host": "localhost@evil.example"},
        {"Host": "evil.example@localhost"},
        {"Host": "["},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[", "Host": "localhost"},
    ],
)
def test_strangers_pages_are_refused(open_server, headers):
    """Other sites, names that were made to lead here, and pages of other ports."""
    with open_server.client() as client:
        for answer in (
            client.get("generate", headers=headers),
            client.post("generate", json=study(), headers=headers),
        ):
            assert answer.status_code in {400, 403}, (headers, answer.text)
        assert httpx.get(f"{open_server.url}/metrics", headers=headers, trust_env=False).status_code in {
            400,
            403,
        }


def test_everything_but_what_is_exempt_wants_a_key(server):
    """Each route of the table, and those at the root."""
    free = {"/health", "/ready"}
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        for each in OPERATIONS:
            path = PREFIX + each.path.replace("{", "").replace("}", "")
            for headers in ({}, {"X-API-Key": "wrong"}, {"Authorization": "Basic eDp5"}):
                status = client.request(each.method, path, headers=headers, json={}).status_code
                assert (status == 200) if each.path in free else (status == 401), (each.name, status)
        assert client.get("/metrics").status_code == 401
        for page in ("/docs", "/docs/start.js", "/docs/swagger-ui.css", "/openapi.json"):
            assert client.get(page).status_code == 200


def test_both_headers_carry_a_key(server):
    """X-API-Key and Bearer."""
    with server.client() as client:
        for headers in ({"X-API-Key": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}):
            assert client.get("generate", headers=headers).status_code == 200
        refused = client.get("generate")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_sees_its_own_jobs_only(server):
    """Another's are not there, whatever is asked; an admin sees and deletes all."""
    (_, mine), (_, other), (_, admin) = server.key(), server.key(), server.key(admin=True)
    job = server.wait(server.post_job(key=mine)["id"], mine)["id"]
    with server.client(other) as client:
        for method, path in (
            ("GET", f"generate/{job}"),
            ("GET", f"generate/{job}/events"),
            ("POST", f"generate/{job}/cancel"),
            ("DELETE", f"generate/{job}"),
        ):
            answer = client.request(method, path)
            unknown = client.request(method, path.replace(job, "job_000000000000000000000000"))
            assert answer.status_code == unknown.status_code == 404
        assert client.get("generate").json()["data"] == []
    with server.client(mine) as client:
        assert [each["id"] for each in client.get("generate").json()["data"]] == [job]
        assert client.get("audit-log").status_code == 403
    with server.client(admin) as client:
        assert client.get(f"generate/{job}").status_code == 200
        assert client.delete(f"generate/{job}").status_code == 204
        actions = [(each["action"], each["job_id"]) for each in client.get("audit-log").json()["data"]]
    assert ("delete", job) in actions
    assert ("generate", job) in actions


def test_the_audit_log_names_who_did_it(server):
    """Not whose it was: an admin who changes, renews or deletes another's webhook stands there."""
    (_, mine), (theirs, admin) = server.key(), server.key(admin=True)
    with server.client(mine) as client:
        hook = client.post("webhooks", json={"url": "https://203.0.114.1/hook"}).json()["id"]
    with server.client(admin) as client:
        assert client.patch(f"webhooks/{hook}", json={"enabled": False}).status_code == 200
        assert client.post(f"webhooks/{hook}/rotate-secret").status_code == 200
        assert client.delete(f"webhooks/{hook}").status_code == 204
        lines = client.get("audit-log").json()["data"]
    done = {each["action"]: each["key"] for each in lines}
    assert {done[f"webhook.{verb}"] for verb in ("change", "rotate", "delete")} == {theirs}
    assert done["webhook.create"] != theirs


def test_idempotency_keys_are_each_keys_own(server):
    """The same Idempotency-Key of two keys is two jobs."""
    (_, mine), (_, other) = server.key(), server.key()
    headers = {"Idempotency-Key": "same"}
    assert server.post_job(key=mine, **headers)["id"] != server.post_job(key=other, **headers)["id"]


def test_a_revoked_key_is_refused_at_once(server):
    """As one that never was."""
    id, key = server.key()
    with server.client(key) as client:
        assert client.get("generate").status_code == 200
        revoked(server, id)
        assert client.get("generate").status_code == 401


def test_a_public_host_without_a_key_is_refused(tmp_path):
    """One sentence, exit 3."""
    environment = {
        **os.environ,
        "PERSONA_DATABASE_URL": f"sqlite:///{tmp_path}/p.db",
        "PERSONA_API_HOST": EVERYWHERE,
        "PERSONA_API_PORT": "0",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "persona_api"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 3
    assert "--auth-token" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_public_host_stays_shut_when_its_last_key_is_revoked(tmp_path):
    """It does not take those who claim to be local for local."""
    folder = tmp_path / "public"
    with Serving(folder) as first:
        id, key = first.key()
    with Serving(folder, PERSONA_API_HOST=EVERYWHERE, PERSONA_API_PORT="0") as public:
        public.url = public.url.replace(EVERYWHERE, "127.0.0.1")
        revoked(public, id)
        time.sleep(0.5)
        with public.client(key) as client:
            assert client.get("generate").status_code == 401
        with public.client() as client:
            assert client.get("generate", headers={"Host": "localhost"}).status_code == 401


def test_guessed_keys_are_refused_fast(server):
    """3,000 of them, in a minute even where others use the machine."""
    id, key = server.key()
    public = id.removeprefix("key_")
    begun = time.monotonic()
    with server.client() as client:
        for i in range(3_000):
            guess = f"psk_{public}_{i:043}" if i % 2 else f"{key[:-5]}{i:05}x"
            assert client.get("generate", headers={"X-API-Key": guess}).status_code == 401
    assert time.monotonic() - begun < 60


def test_the_log_holds_nothing_that_anybody_wrote(server):
    """No key, token, source, persona or address of a request; nor does the audit log."""
    _, key = server.key()
    request = study()
    request["sources"].append({"name": "planted.md", "content": f"Participant: {PLANTED}"})
    job = server.wait(server.post_job(request, key)["id"], key)
    with server.client(key) as client:
        client.get("generate?xylophonist=1")
        client.post("audit", json={"text": PLANTED, "sources": [{"name": "a.md", "content": PLANTED}]})
        client.post("score", json={"personas": [PLANTED]})
    with server.client(TOKEN) as client:
        audited = client.get("audit-log?limit=1000").text
    quotes = [
        one["quote"]
        for each in job["result"]["personas"]
        for goal in each["goals"]
        for one in goal["evidence"]
    ]
    hidden = [key, key[13:], TOKEN, "xylophonist", "planted.md", *quotes]
    hidden += [each["name"] for each in job["result"]["personas"]]
    for text in hidden:
        assert text not in server.log
        assert text not in audited


def test_a_request_has_an_id(server):
    """The caller's, where it is plain; else one of the server's, in the log too."""
    with server.client(TOKEN) as client:
        assert client.get("health", headers={"X-Request-ID": "a-b_c.1"}).headers["X-Request-ID"] == "a-b_c.1"
        for odd in ("", "x" * 65, "a b", "<script>", "a;b", "é".encode()):
            given = client.get("health", headers={"X-Request-ID": odd}).headers["X-Request-ID"]
            assert len(given) == 16
        client.get("generate", headers={"X-Request-ID": "sought-in-the-log"})
    until(lambda: "sought-in-the-log" in server.log, patience=10)  # its line comes after the answer
