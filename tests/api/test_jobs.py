"""Jobs over HTTP, against a real server: asked for, followed, cancelled, deleted."""

import base64
import sqlite3
from contextlib import closing

import httpx
import pytest
from serving import Serving, study
from serving.evidence import rows

from persona_core.models import PersonaSet


@pytest.fixture(scope="module")
def server(tmp_path_factory, on_either):
    """One server for the tests that do not mind each other."""
    with Serving(tmp_path_factory.mktemp("server"), **on_either) as serving:
        yield serving


def test_a_job_becomes_personas(server):
    """From 202 to a personas document that core reads, with links that lead back."""
    job = server.post_job()
    assert job["status"] == "pending"
    assert job["links"]["self"].endswith(f"/api/v1/generate/{job['id']}")
    done = server.wait(job["id"])
    assert done["status"] == "completed"
    assert done["error"] is None
    assert len(PersonaSet.model_validate(done["result"]).personas) == 2
    assert done["progress"]["done"] == done["progress"]["total"] == 2


def test_events_are_gapless_and_go_on_where_one_left_off(server):
    """Every event once, in order, the end last; after the last one there is nothing left."""
    job = server.post_job()
    server.wait(job["id"])
    told = server.events(job["id"])
    assert [each["sequence"] for each in told] == list(range(1, len(told) + 1))
    assert told[0]["type"] == "generation.started"
    assert told[-1]["type"] == "generation.completed"
    assert [each["sequence"] for each in server.events(job["id"], after=3)] == list(range(4, len(told) + 1))
    with server.client() as client:
        assert client.get(f"generate/{job['id']}/events?after={len(told)}").status_code == 204


def test_a_form_with_files_is_the_same_as_json(server):
    """Files in a form and sources in JSON give the same personas."""
    request = study()
    files = [("file", (each["name"], each["content"].encode())) for each in request["sources"]]
    with server.client() as client:
        answer = client.post("generate", files=files, data={"request": '{"count": 2}'})
    assert answer.status_code == 202, answer.text
    sent = server.wait(answer.json()["id"])["result"]
    told = server.wait(server.post_job()["id"])["result"]
    assert sent["personas"] == told["personas"]


def test_base64_is_read(server):
    """Binary files travel in JSON."""
    request = study(sources=[])
    request["sources"] = [
        {
            "name": each["name"],
            "content": base64.b64encode(each["content"].encode()).decode(),
            "encoding": "base64",
        }
        for each in study()["sources"]
    ]
    assert server.wait(server.post_job(request)["id"])["status"] == "completed"


def test_an_idempotency_key_gives_the_same_job(server):
    """The same request twice is one job; another request under the key is refused."""
    headers = {"Idempotency-Key": "once"}
    with server.client() as client:
        first = client.post("generate", json=study(), headers=headers)
        again = client.post("generate", json=study(), headers=headers)
        other = client.post("generate", json=study(count=1), headers=headers)
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert other.status_code == 422


def test_pages_go_from_the_newest_to_the_oldest(server):
    """Each job stands on one page, and the last page says that it is."""
    made = [server.post_job()["id"] for _ in range(5)]
    seen, cursor = [], None
    with server.client() as client:
        while True:
            page = client.get(
                "generate", params={"limit": 2, **({"cursor": cursor} if cursor else {})}
            ).json()
            seen += [each["id"] for each in page["data"]]
            assert all("result" not in each for each in page["data"])
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert seen[:5] == made[::-1]
    assert len(set(seen)) == len(seen)


def test_an_etag_saves_the_body(server):
    """304 for who has the job already."""
    job = server.wait(server.post_job()["id"])
    with server.client() as client:
        tag = client.get(f"generate/{job['id']}").headers["ETag"]
        assert client.get(f"generate/{job['id']}", headers={"If-None-Match": tag}).status_code == 304


def kept(server, words):
    """Whether words of a source stand in the database: in its files, or, where those are PostgreSQL's, in its rows."""
    if server.database_url.startswith("sqlite"):
        files = [server.database, server.database.with_name("persona.db-wal")]
        return any(words in each.read_bytes() for each in files if each.exists())
    return any(words in bytes(content) for (content,) in rows(server, "SELECT content FROM sources"))


def test_a_finished_job_is_deleted_whole(server):
    """After DELETE nothing of its sources stands in the database's files."""
    request = study()
    request["sources"].append(
        {"name": "secret.md", "content": "Participant: The zebrafinch sings in the cellar at noon."}
    )
    job = server.wait(server.post_job(request)["id"])
    assert kept(server, b"zebrafinch")
    with server.client() as client:
        assert client.delete(f"generate/{job['id']}").status_code == 204
        assert client.get(f"generate/{job['id']}").status_code == 404
        assert client.delete(f"generate/{job['id']}").status_code == 404
    assert not kept(server, b"zebrafinch")


def test_cancelling_what_has_ended_changes_nothing(server):
    """Cancel is idempotent."""
    job = server.wait(server.post_job()["id"])
    with server.client() as client:
        answer = client.post(f"generate/{job['id']}/cancel")
    assert answer.status_code == 202
    assert answer.json()["status"] == "completed"


def test_a_job_that_cannot_be_done_says_why(server):
    """More personas than participants: failed, with a sentence and an event."""
    job = server.wait(server.post_job(study(count=50))["id"])
    assert job["status"] == "failed"
    assert "50 personas" in job["error"]["detail"] or "only" in job["error"]["detail"]
    assert server.events(job["id"])[-1]["type"] == "generation.failed"


@pytest.mark.parametrize(
    ("request_body", "said"),
    [
        ({"sources": [{"name": "a.md", "content": "x"}], "cuont": 3}, "cuont"),
        ({"sources": [{"name": "a.md", "content": "x"}], "count": 0}, "/count"),
        ({"sources": []}, "sources"),
        ({"sources": [{"name": "../a.md", "content": "x"}]}, "/sources/0/name"),
        ({"sources": [{"name": "/etc/passwd", "content": "x"}]}, "/sources/0/name"),
        ({"sources": [{"name": "a.md", "content": "%%%", "encoding": "base64"}]}, "/sources/0/content"),
        ({"data": "/etc/passwd"}, "data"),
        ({"sources": [{"name": "a.md", "content": "x"}], "model": "openai/gpt-5"}, "--allow-model"),
    ],
)
def test_bad_requests_name_what_is_wrong(server, request_body, said):
    """A problem with a sentence, and nothing kept."""
    with server.client() as client:
        before = len(client.get("generate", params={"limit": 100}).json()["data"])
        answer = client.post("generate", json=request_body)
        after = len(client.get("generate", params={"limit": 100}).json()["data"])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert before == after


def test_every_error_is_a_problem(server):
    """404, 405 and 415 too."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        for answer, status in (
            (client.get("/nowhere"), 404),
            (client.put("/api/v1/generate"), 405),
            (client.post("/api/v1/generate", content=b"x"), 415),
            (client.get("/api/v1/generate/job_none"), 404),
            (client.get("/api/v1/generate?page=2"), 422),
            (client.get("/api/v1/generate?limit=0"), 422),
            (
                client.post("/api/v1/generate", content=b"{", headers={"Content-Type": "application/json"}),
                400,
            ),
            (
                client.post(
                    "/api/v1/generate", content=b"[" * 100_000, headers={"Content-Type": "application/json"}
                ),
                400,
            ),
        ):
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == status


def test_a_database_that_fails_is_said_and_comes_back(tmp_path):
    """503 and when to try again, for what is looked up and for what is kept; nothing of the inside is shown."""
    with Serving(tmp_path) as server, server.client() as client:
        done = server.wait(server.post_job(study(count=1))["id"])
        _rename(server.database, "jobs", "away")
        for answer in (client.get(f"generate/{done['id']}"), client.post("generate", json=study(count=1))):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "10"
            assert "database" in answer.json()["detail"]
            assert "SELECT" not in answer.text
        _rename(server.database, "away", "jobs")
        assert client.get(f"generate/{done['id']}").json()["result"] == done["result"]


def _rename(database, table, name):
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA legacy_alter_table=ON")
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
