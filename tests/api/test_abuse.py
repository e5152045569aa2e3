"""What nobody should send, sent: the server refuses it with a problem and goes on."""

import base64
import json
import os
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from serving import Serving, study

JSON = {"Content-Type": "application/json"}
LIMIT = 200_000
SECONDS = 45


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with a data folder out of which links lead, and small limits."""
    data, outside = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text("Participant: The vault opens at noon.\n")
    (data / "study").mkdir()
    (data / "study" / "P01.md").write_text(study()["sources"][0]["content"])
    (data / "file.md").symlink_to(outside / "secret.md")
    (data / "folder").symlink_to(outside)
    (data / "mixed").mkdir()
    (data / "mixed" / "link.md").symlink_to(outside / "secret.md")
    (data / "loop.md").symlink_to(data / "loop.md")
    os.mkfifo(data / "pipe.md")
    with Serving(
        tmp_path_factory.mktemp("server"),
        PERSONA_DATA_DIR=str(data),
        PERSONA_MAX_BODY=str(LIMIT),
        PERSONA_BODY_IDLE="1",
        PERSONA_BODY_TOTAL="3",
    ) as serving:
        yield serving
        assert "fault" not in serving.log


@pytest.fixture
def client(server):
    """A plain client; after each test the server still answers."""
    with server.client() as client:
        yield client
        assert client.get("health").status_code == 200


def problem(answer, *statuses):
    """Whether it is one, with one of the statuses."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["request_id"] == answer.headers["X-Request-ID"]
    return told


def raw(server, sent, wait=10.0):
    """Bytes over a connection of their own, and what came back."""
    address = urlsplit(server.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=wait)) as connection:
        connection.sendall(sent)
        try:
            return connection.recv(65_536)
        except ConnectionResetError:
            return b""


def test_whatever_the_document_allows_is_answered_as_it_says(server):
    """Schemathesis: no fault, no status, type or body that the document does not know, every error a problem."""
    document = httpx.get(f"{server.url}/openapi.json", trust_env=False).json()
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=server.url)
    operations = [each.ok() for each in schema.get_all_operations()]
    until = time.monotonic() + SECONDS
    for operation in operations:
        _examples(operation, min(until, time.monotonic() + 2 * SECONDS / len(operations)))


def _examples(operation, until):
    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asked(case):
        if time.monotonic() > until:
            return
        answer = case.call(timeout=20)
        case.validate_response(
            answer,
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ],
        )
        if answer.status_code >= 400:
            assert answer.headers["content-type"][0] == "application/problem+json"

    asked()


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../file.md", "study/../../x", "file.md", "folder", "folder/secret.md", "mixed", "loop.md",
     "pipe.md", "nowhere.md", "https://evil.example/a.md", "file:///etc/passwd", "study\0.md", "~/x.md",
     "..\\x.md", "x" * 3000, ""],
)  # fmt: skip
def test_data_stays_in_its_folder(client, name):
    """Paths, links, loops, pipes and addresses that lead out, or nowhere."""
    told = problem(client.post("generate", json={"data": name}), 422)
    assert "vault" not in json.dumps(told)
    assert "secret.md" not in told["detail"]


def test_data_of_the_folder_is_read(client, server):
    """A folder below it is the sources."""
    job = client.post("generate", json={"data": "study", "count": 1})
    assert server.wait(job.json()["id"])["status"] == "completed"


@pytest.mark.parametrize(
    "name",
    ["/a.md", "../a.md", "a/../../b.md", "C:\\a.md", "\\\\host\\a.md", "a\0.md", "a\n.md", "\x1b[31m.md", ".",
     "./", " ", "\u202egnp.md", ""],
)  # fmt: skip
def test_names_are_labels(client, name):
    """No path, and nothing that a terminal would obey."""
    problem(client.post("generate", json={"sources": [{"name": name, "content": "x"}]}), 422)


@pytest.mark.parametrize("name", ["intervjú/Žofia 😀.md", "研究.md", "a b (1).md", "...md"])
def test_names_may_be_of_any_script(client, name):
    """Letters of the world."""
    text = study()["sources"][0]["content"]
    answer = client.post("generate", json={"sources": [{"name": name, "content": text}], "count": 1})
    assert answer.status_code == 202


def test_bodies_over_the_limit_are_refused_while_they_are_read(client, server):
    """Whether they say so or not; long before their end."""
    problem(client.post("generate", content=b" " * (LIMIT + 1), headers=JSON), 413)
    head = b"POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert b" 413 " in raw(server, head + b"Content-Length: 99999999999\r\n\r\n")
    endless = b"%x\r\n" % (2 * LIMIT) + b" " * (LIMIT + 100_000)
    assert b" 413 " in raw(server, head + b"Transfer-Encoding: chunked\r\n\r\n" + endless)


@pytest.mark.parametrize("pause", [0.4, 30.0])
def test_a_body_that_does_not_come_holds_nobody(server, pause):
    """One that drips is ended after the whole time, one that stands still sooner: 408."""
    head = "POST /api/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    address, begun = urlsplit(server.url), time.monotonic()
    with closing(socket.create_connection((address.hostname, address.port), timeout=pause)) as connection:
        connection.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode())
        answer = b""
        while not answer and time.monotonic() < begun + 10:
            connection.sendall(b" ")
            try:
                answer = connection.recv(4096)
            except TimeoutError:
                continue
        while more := connection.recv(4096):  # to the end: the connection is shut
            answer += more
    assert b" 408 " in answer
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize("sent", [b"", b"GET /api/v1/health HTTP/1.1\r\nHost: loc"])
def test_who_asks_nothing_is_hung_up_on(server, sent):
    """A connection without a whole head of a request, and one that said nothing more after an answer."""
    begun = time.monotonic()
    assert raw(server, sent) == b""
    whole = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert raw(server, whole + sent).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - begun < 8


def test_a_form_that_was_cut_off_is_refused(client):
    """Its last part would be missing, and nobody would know."""
    part = '--b\r\nContent-Disposition: form-data; name="file"; filename="{}.md"\r\n\r\nParticipant: I take it.\r\n'
    kind = {"Content-Type": "Multipart/Form-Data; boundary=b"}
    whole = part.format("one") + part.format("two")
    told = problem(client.post("generate", content=whole.encode(), headers=kind), 400)
    assert "closing boundary" in told["detail"]
    assert client.post("generate", content=(whole + "--b--\r\n").encode(), headers=kind).status_code == 202


def test_half_a_character_is_the_sources_fault(server):
    """It could not be kept: the job says so, and nothing else."""
    text = '[{"speaker": "P01", "text": "I want \\ud800 trams"}]'
    job = server.post_job({"sources": [{"name": "a.json", "content": text}], "count": 1})
    ended = server.wait(job["id"])
    assert ended["status"] == "failed"
    assert "half a character" in ended["error"]["detail"]


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (b"", (400,)),
        (b"{", (400,)),
        (b"[" * 100_000, (400,)),
        (b'{"sources":' * 10_000, (400,)),
        (b'{"sources":[{"name":"a.md","content":"\\ud800"}]}', (400, 422)),
        (b'{"sources":[{"name":"a.md","content":"\xff"}]}', (400,)),
        (b'{"count":' + b"9" * 100_000 + b',"data":"study"}', (400, 422)),
        (b'{"count":1e999,"data":"study"}', (422,)),
        (b'{"seed":NaN,"data":"study"}', (400, 422)),
        (b'{"count":1,"count":0,"data":"study"}', (422,)),
        (b'{"unknown":' + b"[" * 150 + b"]" * 150 + b',"data":"study"}', (422,)),
    ],
)
def test_odd_json_is_refused(client, body, statuses):
    """Deep, huge, doubled, broken."""
    problem(client.post("generate", content=body, headers=JSON), *statuses)


@pytest.mark.parametrize("path", ["score", "verify", "scripts"])
@pytest.mark.parametrize("value", ["[" * 150 + "]" * 150, "9" * 10_000, "NaN", "1e999", '"\\u0000"', "{}"])
def test_odd_personas_are_refused(client, path, value):
    """What is free of form is no way in either."""
    field = "persona" if path == "scripts" else "personas"
    sources = '[{"name":"a.md","content":"Participant: I walk to the shop."}]'
    body = f'{{"{field}":{{"personas":[{{"name":{value},"age":{value}}}]}},"sources":{sources}}}'
    answer = client.post(path, content=body.encode(), headers=JSON)
    assert answer.status_code in {200, 400, 422}, answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 415), ({"Content-Type": "text/plain"}, 415), ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
     ({"Content-Type": "multipart/form-data"}, 400), ({"Content-Type": "multipart/form-data; boundary=x"}, 400)],
)  # fmt: skip
def test_content_types_are_checked(client, headers, status):
    """JSON, or a form that is one."""
    problem(client.post("generate", content=b'{"data": "study"}', headers=headers), status)


@pytest.mark.parametrize(
    ("files", "data"),
    [
        ([("other", ("a.md", b"x"))], {}),
        ([("file", ("../a.md", b"x"))], {}),
        ([("file", ("a.md", b"x")), ("file", ("a.md", b"y"))], {}),
        ([("file", ("a.md", b"x"))], {"request": "["}),
        ([("file", ("a.md", b"x"))], {"request": "[1]"}),
        ([("file", ("a.md", b"x"))], {"request": "[" * 90_000}),
        ([("file", ("a.md", b"x"))], {"request": '{"count": 0}'}),
        ([("file", ("a.md", b"x"))], {"more": "x"}),
        ([("request", ("r.json", b"{}"))], {}),
    ],
)
def test_forms_that_are_none_are_refused(client, files, data):
    """Unknown parts, no file, two of a name, a request that is no JSON."""
    problem(client.post("generate", files=files, data=data), 400, 422)


def test_many_sources_are_refused_quickly(client):
    """10,000, where 1,000 are allowed."""
    begun = time.monotonic()
    sources = [{"name": f"{i}", "content": ""} for i in range(6_000)]
    problem(client.post("generate", content=json.dumps({"sources": sources}, separators=(",", ":")), headers=JSON),
            413, 422)  # fmt: skip
    assert time.monotonic() - begun < 3


def test_floods_of_headers_end_in_4xx(client, server):
    """Many, long, and none that are any."""
    head = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"
    for sent in (
        head + b"X-A: b\r\n" * 20_000 + b"\r\n",
        head + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00" * 20 + b"\r\n\r\n",
        head + b"Content-Length: -1\r\n\r\n",
    ):
        answer = raw(server, sent)
        assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 200")), answer[:60]


def test_event_streams_that_are_dropped_are_let_go(client, server):
    """100, opened and dropped: none is left."""
    job = server.wait(server.post_job()["id"])["id"]
    address = urlsplit(server.url)
    head = f"GET /api/v1/generate/{job}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(100):
        with closing(socket.create_connection((address.hostname, address.port))) as connection:
            connection.sendall(head)
    until = time.monotonic() + 5
    while "persona_event_streams 0.0" not in figures(server):
        assert time.monotonic() < until
        time.sleep(0.05)


def figures(server):
    """What /metrics shows."""
    return httpx.get(f"{server.url}/metrics", trust_env=False).raise_for_status().text


def test_figures_hold_no_ids_or_paths(client, server):
    """A label is an operation, a status or a bucket."""
    client.get("generate/job_sought")
    client.get("elsewhere-sought")
    assert "sought" not in figures(server)
    assert "/api" not in figures(server)


def test_idempotency_keys_and_tags_of_any_length(client):
    """Too long is refused; a tag that is none is passed over."""
    problem(client.post("generate", json=study(), headers={"Idempotency-Key": "k" * 10_000}), 422)
    job = client.post("generate", json=study()).json()["id"]
    assert client.get(f"generate/{job}", headers={"If-None-Match": '"x",,' * 1000}).status_code == 200
    problem(client.get(f"generate/{job}/events", headers={"Last-Event-ID": "9" * 100}), 422)


def test_personas_are_measured_checked_and_rendered(client, server):
    """One call each, happily; a script that quotes is refused without its words."""
    personas = server.wait(server.post_job()["id"])["result"]
    sources = study()["sources"]
    assert client.post("score", json={"personas": personas, "sources": sources}).json()["set"]["overall"] > 0
    counts = client.post("verify", json={"personas": personas, "sources": sources}).json()["counts"]
    assert counts["exact"] > 0
    assert counts["missing"] == 0
    quote = "I always check the app before I leave."
    audit = client.post("audit", json={"text": quote, "sources": sources}).json()
    assert not audit["passed"]
    one = {**personas, "personas": personas["personas"][:1]}
    card = client.post("scripts", json={"persona": one, "sources": sources, "format": "tavern_png"})
    if card.status_code == 200:
        assert card.json()["encoding"] == "base64"
        assert base64.b64decode(card.json()["content"]).startswith(b"\x89PNG")
    template = {"format": "jinja2_template", "template": f"{quote} {{{{ id }}}}"}
    refused = client.post("scripts", json={"persona": one, "sources": sources, **template})
    told = problem(refused, 422)
    assert "check the app" not in refused.text
    assert told["audit"]["passed"] is False


def test_rates_and_queues_are_limited(tmp_path):
    """429 with when to come back."""
    with (
        Serving(tmp_path, PERSONA_RATE_LIMIT="10", PERSONA_MAX_QUEUED="1") as limited,
        limited.client() as client,
    ):
        answers = [client.get("generate") for _ in range(12)]
        assert answers[0].headers["RateLimit-Policy"] == '"key";q=10;w=60'
        assert "r=9" in answers[0].headers["RateLimit"]
        assert "RateLimit" in answers[-1].headers
        assert int(problem(answers[-1], 429) and answers[-1].headers["Retry-After"]) >= 1
        assert client.get("ready").status_code == 200


def test_a_full_queue_says_when_to_come_back(tmp_path):
    """429 for the one too many."""
    with (
        Serving(tmp_path, PERSONA_MAX_QUEUED="1", PERSONA_API_CONCURRENCY="1") as full,
        full.client() as client,
    ):
        answers = [client.post("generate", json=study()) for _ in range(20)]
        refused = [each for each in answers if each.status_code != 202]
        assert refused
        for each in refused:
            problem(each, 429)
            assert each.headers["Retry-After"]
