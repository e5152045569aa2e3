"""A participant taken out of a finished job, over HTTP: what is left, who is told, and what stands on disk.

PERSONA_SOAK_KILLS is how often a server is killed in the middle of it, 3 times by default.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving, study, until
from serving.evidence import is_sound
from serving.receiver import receiving
from standardwebhooks.webhooks import Webhook as Official

from persona_core.loading import load
from persona_core.models import LoadingOptions, Persona, PersonaSet
from persona_core.signing import verify_body
from persona_core.testing import SAMPLE
from persona_core.verification import verify

KILLS = int(os.environ.get("PERSONA_SOAK_KILLS", "3"))
TOKEN = "token-of-the-operator-0123456789"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "study"
THEIRS = "when there is no signal"
"""What P01 alone said, and is quoted for."""
PRIVATE = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}
TALK = (
    "Interviewer: How do you travel?\n\n"
    "Ambrosine: I walk to the mill when the bus is late, and I do not mind.\n\n"
    "Interviewer: And you?\n\n"
    "Balthasar: I never take the bus, I cycle everywhere that I want to go.\n"
)
ODD_BODIES = [
    ({}, "/participant"),
    ({"participant": ""}, "/participant"),
    ({"participant": None}, "/participant"),
    ({"participant": 1}, "/participant"),
    ({"participant": ["P01"]}, "/participant"),
    ({"participant": {"code": "P01"}}, "/participant"),
    ({"participant": "P" * 1001}, "/participant"),
    ({"participants": "P01"}, "/participant"),
    ({"participant": "P01", "colour": "red"}, "/colour"),
    ([], ""),
    ("P01", ""),
]


@pytest.fixture(scope="module")
def model():
    """A model on this machine; one that is called `never` does not answer."""

    def fault(request):
        return "hang" if request.json["model"] == "never" else None

    with Loopback(answer=truthful, fault=fault) as loopback:
        yield loopback


@pytest.fixture(scope="module")
def server(tmp_path_factory, model):
    """One server for the tests that do not mind each other."""
    more = {
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "k",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PERSONA_ALLOW_MODEL": "openai/*",
        "PERSONA_API_AUTH_TOKEN": TOKEN,
        "PERSONA_GRACEFUL": "1",
        **PRIVATE,
    }
    with Serving(tmp_path_factory.mktemp("server"), **more) as serving:
        yield serving


def example(**replaced):
    """A request to make personas of the example study, with words replaced in it."""
    texts = {
        each.relative_to(EXAMPLE).as_posix(): each.read_text(encoding="utf-8")
        for each in sorted(EXAMPLE.rglob("*"))
        if each.is_file() and each.name not in {"README.md", "participants.csv"}
    }
    for word, other in replaced.items():
        texts = {name: re.sub(rf"\b{word}\b", other, text) for name, text in texts.items()}
    return {"sources": [{"name": name, "content": text} for name, text in texts.items()], "count": 3}


def made(server, request=None, key=TOKEN):
    """A job that has ended."""
    return server.wait(server.post_job(request, key)["id"], key)


def asked(server, job, participant, key=TOKEN):
    """The answer to a withdrawal."""
    with server.client(key) as client:
        return client.post(f"generate/{job['id']}/withdraw", json={"participant": participant})


def without(server, job, participant, key=TOKEN):
    """The job without a participant."""
    answer = asked(server, job, participant, key)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer, status):
    """The sentence of a problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return answer.json()["detail"]


def codes(result):
    """Everybody whom personas name as theirs or quote."""
    found = set(result["unrepresented"])
    for persona in personas_of(result):
        found |= set(persona.participants)
        for _, claim in persona.claims():
            found |= {each.participant for each in (*claim.evidence, *claim.against)}
    return found


def personas_of(result):
    return list(PersonaSet.model_validate(result).personas)


def personas_told(events):
    """The personas that events tell of, in their order."""
    told = [each["data"]["persona"] for each in events if each["type"] == "persona.created"]
    return [Persona.model_validate(each) for each in told]


def kept(database, job):
    """How many rows of each table are a job's."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table} WHERE job = ?", [job]).fetchone()[0]  # noqa: S608
            for table in ("sources", "remains", "journal", "events")
        }


def logged(server, job):
    """Who did what to a job, oldest first."""
    with server.client(TOKEN) as client:
        lines = client.get("audit-log?limit=1000").json()["data"]
    return [(each["key"], each["action"]) for each in reversed(lines) if each["job_id"] == job["id"]]


def five(text):
    """Every five consecutive words of a text, case and punctuation apart."""
    said = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.casefold())
    return {tuple(said[start : start + 5]) for start in range(len(said) - 4)}


def own_words(request):
    """Each participant's five consecutive words that no other participant said."""
    corpus = load([(each["name"], each["content"].encode()) for each in request["sources"]])
    runs = {}
    for i, text in enumerate(corpus.columns.texts):
        if corpus.participant(i) is not None:
            runs.setdefault(corpus.participant(i), set()).update(five(text))
    return {
        code: said - set().union(*(other for each, other in runs.items() if each != code))
        for code, said in runs.items()
    }


def files(server):
    """The bytes of the database's files and of the server's log.

    Not of the index beside them, which holds no text: to close it here would end this process's locks on the database.
    """
    names = ("persona.db", "persona.db-wal", "persona.db-journal", "server.log")
    return [each.read_bytes() for name in names if (each := server.folder / name).exists()]


def on_disk(server):
    """Every five consecutive words that stand in those files."""
    return set().union(*(five(each.decode(errors="replace")) for each in files(server)))


def test_what_is_left(server):
    """A result without them, a tombstone of code and time, a warning, a new ETag; the job is completed as it was."""
    job = made(server)
    assert THEIRS in json.dumps(job["result"])
    with server.client(TOKEN) as client:
        before = client.get(f"generate/{job['id']}").headers["ETag"]
        answer = asked(server, job, "P01")
        assert answer.status_code == 200, answer.text
        same = {"If-None-Match": answer.headers["ETag"]}
        assert answer.headers["ETag"] != before
        assert client.get(f"generate/{job['id']}", headers=same).status_code == 304
        now = client.get(f"generate/{job['id']}", headers={"If-None-Match": before})
    assert now.status_code == 200
    assert now.headers["ETag"] == answer.headers["ETag"]
    assert now.json() == answer.json()
    revised = answer.json()
    assert revised["status"] == "completed"
    assert {**revised, "result": None} == {**job, "result": None}
    result = revised["result"]
    [tombstone] = result["withdrawn"]
    assert set(tombstone) == {"participant", "at"}
    assert tombstone["participant"] == "P01"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(tombstone["at"])) < timedelta(minutes=1)
    assert (
        "1 participant withdrew"
        in {each["code"]: each["message"] for each in result["warnings"]}["withdrawn_since"]
    )
    assert result["corpus"]["participants"] == 5
    assert codes(job["result"]) == {"P01", "P02", "P03", "P04", "P05", "P06"}
    assert codes(result) == {"P02", "P03", "P04", "P05", "P06"}
    assert THEIRS not in json.dumps(result)
    assert len(personas_of(result)) == 2


def test_every_quote_that_is_left_is_found(server):
    """In the sources without their files, which are no sources of these personas any more."""
    result = without(server, made(server), "P01")["result"]
    personas = PersonaSet.model_validate(result)
    left = [(name, text.encode()) for name, text in SAMPLE.items() if "P01" not in name]
    counts = verify(personas, load(left, LoadingOptions.model_validate(personas.corpus.loading))).counts
    assert counts.total == counts.exact > 0


def test_the_stream_tells_of_it(server):
    """`generation.revised` is the next and last event, with figures alone; it is all that is new to who heard the rest."""
    job = made(server)
    before = server.events(job["id"], key=TOKEN)
    without(server, job, "P01")
    after = server.events(job["id"], key=TOKEN)
    assert [each["sequence"] for each in after] == list(range(1, len(before) + 2))
    assert [each["type"] for each in after[:-1]] == [each["type"] for each in before]
    assert after[-1]["type"] == "generation.revised"
    assert after[-1]["data"] == {"personas": 2}
    assert server.events(job["id"], after=len(before), key=TOKEN) == after[-1:]
    with server.client(TOKEN) as client:
        assert client.get(f"generate/{job['id']}/events?after={len(after)}").status_code == 204


def test_what_was_told_before_is_told_without_them(server):
    """Personas in earlier events are those of the result; time and number stay."""
    job = made(server)
    before = server.events(job["id"], key=TOKEN)
    assert THEIRS in json.dumps(before)
    result = without(server, job, "P01")["result"]
    after = server.events(job["id"], key=TOKEN)
    assert personas_told(after) == personas_of(result)
    assert personas_told(before) == personas_of(job["result"]) != personas_of(result)
    assert THEIRS not in json.dumps(after)
    assert "P01" not in json.dumps(after)
    for old, new in zip(before, after, strict=False):
        assert new["timestamp"] == old["timestamp"]
        assert new["type"] == "persona.created" or new == old


def test_of_a_persona_that_is_lost_only_its_id_is_told(server):
    """Nothing is left of a persona of one, and its event says so."""
    job = made(server, study(count=6))
    [lost] = [each for each in job["result"]["personas"] if each["participants"] == ["P01"]]
    result = without(server, job, "P01")["result"]
    assert lost["id"] not in {each["id"] for each in result["personas"]}
    assert len(result["personas"]) == 5
    told = [each for each in server.events(job["id"], key=TOKEN) if each["type"] == "persona.created"]
    [event] = [each for each in told if each["data"]["persona"]["id"] == lost["id"]]
    assert event["data"] == {"persona": {"id": lost["id"], "name": "", "title": ""}}
    assert lost["name"] not in json.dumps(told)


def test_receivers_are_told_and_can_check_who_says_so(server):
    """An owner's webhook and a job's own get `generation.revised`, signed, with a link and nobody's words or code."""
    with receiving() as receiver, server.client(TOKEN) as client:
        wanted = {"url": f"{receiver.url}/ok", "events": ["generation.revised"]}
        hook = client.post("webhooks", json=wanted).json()
        own = client.post("generate", json=study(webhook_url=f"{receiver.url}/ok-one")).json()
        job = server.wait(own["id"], TOKEN)
        without(server, job, "P01")
        [came] = receiver.wait("/ok", 1)
        told = receiver.wait("/ok-one", len(server.events(job["id"], key=TOKEN)))
        assert client.delete(f"webhooks/{hook['id']}").status_code == 204
    event = Official(hook["signing_secret"]).verify(came.body, came.headers)
    assert verify_body(came.body, hook["secret"]) == event
    assert event["type"] == event["event"] == came.headers["x-persona-event"] == "generation.revised"
    assert event["job_id"] == job["id"]
    assert event["data"] == {"personas": 2, "job_url": job["links"]["self"]}
    assert "P01" not in came.body.decode()
    last = max(told, key=lambda each: json.loads(each.body)["sequence"])
    assert Official(own["webhook"]["signing_secret"]).verify(last.body, last.headers)["id"] == event["id"]


def test_who_is_out_stays_out(server):
    """Asked again, nothing changes: no event, no second tombstone, no line in the audit log that says it was done."""
    job = made(server)
    revised = without(server, job, "P01")
    first = asked(server, job, "P01")
    again = asked(server, job, "P01")
    assert first.status_code == again.status_code == 200
    assert first.headers["ETag"] == again.headers["ETag"]
    assert again.json() == first.json() == revised
    types = [each["type"] for each in server.events(job["id"], key=TOKEN)]
    assert types.count("generation.revised") == 1
    assert [action for _, action in logged(server, job)].count("withdraw") == 1


def test_of_their_name_nothing_is_left(server):
    """The data calls them by name; personas know a code, and once they withdraw the name stands nowhere."""
    talk = TALK.replace("Ambrosine", "Zephyrine")
    [code] = [each.code for each in load([("talk.txt", talk.encode())]).people if each.label == "Zephyrine"]
    labels = {"participant_label": ["Zephyrine", "Balthasar"]}
    job = made(server, {"sources": [{"name": "talk.txt", "content": talk}], "count": 1, "options": labels})
    assert any(b"Zephyrine" in each for each in files(server))
    without(server, job, code)
    assert not any(b"Zephyrine" in each for each in files(server))


def test_groups_keep_the_titles_that_the_researcher_gave(server):
    """However many withdraw; and who did not allow to be quoted is not quoted later."""
    people = [
        {"participant": f"P0{i}", "group": "Commuters" if i < 4 else "Visitors", "quote_ok": i != 6}
        for i in range(1, 7)
    ]
    job = made(server, {**study(), "participants": people, "options": {"group_by": "group"}})
    for code in ("P01", "P04"):
        result = without(server, job, code)["result"]
        assert {each["title"] for each in result["personas"]} == {"Commuters", "Visitors"}
        assert not own_words(study())["P06"] & five(json.dumps(result))


def test_names_are_taken_until_their_bearer_withdraws(server):
    """Where the name that the data has will do for the first, it does for the next one; of who is out, only the code is known."""
    job = made(server, {"sources": [{"name": "talk.txt", "content": TALK}], "count": 1})
    assert asked(server, job, "Ambrosine").status_code == 200
    assert "Ambrosine" in refused(asked(server, job, "Ambrosine"), 422)
    assert asked(server, job, "Balthasar").status_code == 200


def test_three_in_a_row(server):
    """Each is gone from then on, the others' quotes stay, and each withdrawal is told."""
    job = made(server)
    request, before = study(), job["result"]
    for number, code in enumerate(("P01", "P02", "P03"), 1):
        revised = without(server, job, code)
        result = revised["result"]
        assert revised["status"] == "completed"
        assert [each["participant"] for each in result["withdrawn"]] == ["P01", "P02", "P03"][:number]
        assert result["corpus"]["participants"] == 6 - number
        assert codes(result) == codes(before) - {code}
        assert not own_words(request)[code] & five(json.dumps(result))
        before = result
    warnings = {each["code"]: each["message"] for each in before["warnings"]}
    assert warnings["withdrawn_since"].startswith("3 participants withdrew")
    types = [each["type"] for each in server.events(job["id"], key=TOKEN)]
    assert types[-3:] == ["generation.revised"] * 3
    personas = PersonaSet.model_validate(before)
    sources = [(name, text.encode()) for name, text in SAMPLE.items()]
    counts = verify(personas, load(sources, LoadingOptions.model_validate(personas.corpus.loading))).counts
    assert counts.total == counts.exact > 0


def test_it_is_the_same_in_whatever_order(server):
    """Who withdraws first leaves no less, and no more, than who withdraws last."""
    left = []
    for order in (("P01", "P03"), ("P03", "P01")):
        job = made(server)
        for code in order:
            result = without(server, job, code)["result"]
        names = [each["name"] for each in result["corpus"]["sources"]]
        left.append((names, result["corpus"]["digest"], result["personas"]))
    assert left[0] == left[1]
    assert left[0][0] == ["interviews/P02.md", "survey.csv"]


def test_the_last_one_takes_everything_along(server):
    """A completed job of no personas, from which nobody can be taken any more."""
    job = made(server, {"sources": [{"name": "talk.txt", "content": TALK}], "count": 1})
    without(server, job, "P01")
    revised = without(server, job, "P02")
    assert revised["status"] == "completed"
    assert revised["result"]["personas"] == []
    assert revised["result"]["corpus"]["participants"] == 0
    assert "/participant" in refused(asked(server, job, "P03"), 422)


def test_all_at_once(server):
    """Several who withdraw at the same moment, one of them twice, are all taken out, each once."""
    job = made(server, example())
    leaving = ["P01", "P02", "P03", "P04", "P04"]
    answers = []
    threads = [
        threading.Thread(target=lambda code=code: answers.append(asked(server, job, code).status_code))
        for code in leaving
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert answers == [200] * 5
    result = server.job(job["id"], TOKEN)["result"]
    assert sorted(each["participant"] for each in result["withdrawn"]) == ["P01", "P02", "P03", "P04"]
    assert not codes(result) & set(leaving)
    types = [each["type"] for each in server.events(job["id"], key=TOKEN)]
    assert types.count("generation.revised") == 4


def test_anothers_job_is_none(server):
    """404 as for a job that never was, and nothing happens to it; its owner may, and so may an admin."""
    (_, mine), (other_id, other), (admin_id, admin) = (
        server.key(),
        server.key(),
        server.key(admin=True),
    )
    job = made(server, key=mine)
    unknown = refused(asked(server, {"id": "job_000000000000000000000000"}, "P01", other), 404)
    assert refused(asked(server, job, "P01", other), 404) == unknown.replace("0" * 24, job["id"][4:])
    assert refused(asked(server, job, "P99", other), 404).startswith("there is no job")
    assert asked(server, job, "P01", "").status_code == 401
    assert server.job(job["id"], mine) == job
    assert without(server, job, "P01", mine)["result"]["withdrawn"][0]["participant"] == "P01"
    withdrawn = without(server, job, "P02", admin)["result"]["withdrawn"]
    assert [each["participant"] for each in withdrawn] == ["P01", "P02"]
    lines = logged(server, job)
    assert (admin_id, "withdraw") in lines
    assert not [line for line in lines if line[0] == other_id]


def test_a_job_that_has_not_ended(server, model):
    """409 while it runs; once it is cancelled, 409 because it has no personas."""
    job = server.post_job(study(model="openai/never"), TOKEN)
    until(lambda: model.in_flight, patience=30)
    assert server.job(job["id"], TOKEN)["status"] == "running"
    assert "the job is running" in refused(asked(server, job, "P01"), 409)
    with server.client(TOKEN) as client:
        assert client.post(f"generate/{job['id']}/cancel").status_code == 202
    assert server.wait(job["id"], TOKEN)["status"] == "cancelled"
    assert "cancelled without personas: delete it" in refused(asked(server, job, "P01"), 409)
    assert [action for _, action in logged(server, job)].count("withdraw") == 0


def test_a_job_without_personas(server):
    """409 that says what to do in place of it; what it was sent stays for that."""
    job = made(server, study(count=50))
    assert job["status"] == "failed"
    assert "failed without personas: delete it" in refused(asked(server, job, "P01"), 409)
    assert server.job(job["id"], TOKEN) == job
    with server.client(TOKEN) as client:
        assert client.delete(f"generate/{job['id']}").status_code == 204


@pytest.mark.parametrize("odd", ["P99", "p01", " P01", "P01 ", "P0", "*", "%", "\x00", "ü" * 1000])
def test_whom_nobody_knows(server, odd):
    """422 that points at the code and names those who are known; nothing changes."""
    with server.client(TOKEN) as client:
        done = client.get("generate", params={"limit": 100, "status": "completed"}).json()["data"]
        job = next((each for each in done if each["id"] in _untouched), None) or made(server)
        _untouched.add(job["id"])
        before = client.get(f"generate/{job['id']}").headers["ETag"]
        answer = asked(server, job, odd)
        assert client.get(f"generate/{job['id']}").headers["ETag"] == before
    assert "they know P01, P02, P03, P04, P05, P06" in refused(answer, 422)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/participant"]


_untouched: set[str] = set()
"""A job from which nobody withdrew, for the odd requests to share."""


@pytest.mark.parametrize(("body", "pointer"), ODD_BODIES)
def test_bodies_that_are_none(server, body, pointer):
    """422 that points at what is wrong."""
    with server.client(TOKEN) as client:
        answer = client.post("generate/job_000000000000000000000000/withdraw", json=body)
    refused(answer, 422)
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_what_is_no_json(server):
    """400 and 415, as everywhere."""
    with server.client(TOKEN) as client:
        path, form = "generate/job_000000000000000000000000/withdraw", {"participant": "P01"}
        as_json = {"Content-Type": "application/json"}
        refused(client.post(path, content=b'{"participant":', headers=as_json), 400)
        refused(client.post(path, content=b'{"participant":"\\ud800"}', headers=as_json), 400)
        refused(client.post(path, data=form), 415)


def test_the_audit_log(server):
    """Who withdrew somebody, who read it before and after; of no line any text, nor who it was."""
    (owner, key), (admin_id, admin) = server.key(), server.key(admin=True)
    job = made(server, key=key)
    without(server, job, "P01", admin)
    server.job(job["id"], key)
    server.events(job["id"], key=key)
    lines = logged(server, job)
    assert lines[0] == (owner, "generate")
    assert lines[-2:] == [(admin_id, "withdraw"), (owner, "read")]
    assert set(lines[:-2]) == {(owner, "generate"), (owner, "read")}
    with server.client(admin) as client:
        page = client.get("audit-log?limit=1000")
    assert {frozenset(each) for each in page.json()["data"]} == {frozenset({"at", "key", "action", "job_id"})}
    assert "P01" not in page.text
    assert not set().union(*own_words(study()).values()) & five(page.text)


def test_who_asks_for_nothing_has_read_it(server):
    """The answer to a withdrawal that was done before holds the whole result, and the audit log says who has it."""
    _, key = server.key()
    admin_id, admin = server.key(admin=True)
    job = made(server, key=key)
    without(server, job, "P01", key)
    assert without(server, job, "P01", admin)["result"]["personas"]
    assert [action for who, action in logged(server, job) if who == admin_id]


def test_sources_and_journal_are_gone(server):
    """Also where a model was asked; of the sources the words of the others are left, until the job is deleted."""
    request = study(model="openai/small")
    job = made(server, request)
    assert job["status"] == "completed", job["error"]
    own = own_words(request)["P01"]
    assert own & five(json.dumps(job["result"]))
    before = kept(server.database, job["id"])
    assert before["journal"] > 0
    assert (before["sources"], before["remains"]) == (len(SAMPLE), 0)
    revised = without(server, job, "P01")
    assert not own & five(json.dumps(revised["result"]))
    assert not own & five(json.dumps(server.events(job["id"], key=TOKEN)))
    after = {"sources": 0, "remains": 1, "journal": 0, "events": before["events"] + 1}
    assert kept(server.database, job["id"]) == after
    with server.client(TOKEN) as client:
        assert client.delete(f"generate/{job['id']}").status_code == 204
    assert set(kept(server.database, job["id"]).values()) == {0}


def test_nothing_of_theirs_is_on_disk(tmp_path):
    """No five words in a row that they alone said, in the database's files or in the log; before, there are many."""
    request = example()
    own = own_words(request)
    with Serving(tmp_path) as server:
        job = made(server, request, "")
        for number, code in enumerate(("P03", "P06", "P08")):
            assert len(own[code] & on_disk(server)) > len(own[code]) / 2, "or this could not fail"
            without(server, job, code, "")
            assert not own[code] & on_disk(server), code
            if number == 0:
                with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
                    connection.execute("VACUUM")
                assert not own[code] & on_disk(server), code
        assert own["P01"] & on_disk(server), "the others' words stay, so that they can withdraw, too"
        server.stop()
        with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
            connection.execute("VACUUM")
        left = on_disk(server)
        assert own["P01"] & left
        assert not (own["P03"] | own["P06"] | own["P08"]) & left
        server.start()
        with server.client() as client:
            assert client.delete(f"generate/{job['id']}").status_code == 204
        assert not set().union(*own.values()) & on_disk(server)


def rows_of(server, job):
    """All that a server keeps of a job, but for who read it."""
    tables = {
        "jobs": "id = ?",
        "sources": "job = ? ORDER BY position",
        "remains": "job = ?",
        "events": "job = ? ORDER BY sequence",
        "audit_log": "job = ? AND action <> 'read' ORDER BY number",
    }
    with closing(sqlite3.connect(server.database, timeout=30)) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} WHERE {where}", [job]).fetchall()  # noqa: S608
            for table, where in tables.items()
        } | {
            "deliveries": connection.execute(
                "SELECT type, sequence FROM deliveries WHERE job = ? ORDER BY sequence", [job]
            ).fetchall()
        }


def is_revised(server, job, before, own):
    """Whether a job is wholly without P03; if not, it is wholly as it was. `own` are their words in this job alone."""
    now = rows_of(server, job["id"])
    if now == before:
        assert own & on_disk(server)
        return False
    assert (len(now["sources"]), len(now["remains"])) == (0, 1)
    assert [each[2] for each in now["events"]] == [
        *(each[2] for each in before["events"]),
        "generation.revised",
    ]
    assert now["audit_log"][:-1] == before["audit_log"]
    assert now["audit_log"][-1][3:] == ("withdraw", job["id"])
    assert now["deliveries"] == [*before["deliveries"], ("generation.revised", len(now["events"]))]
    found = server.job(job["id"])
    assert found["status"] == "completed"
    assert [each["participant"] for each in found["result"]["withdrawn"]] == ["P03"]
    assert "P03" not in codes(found["result"])
    assert personas_told(server.events(job["id"])) == personas_of(found["result"])
    assert not own & on_disk(server)
    return True


class Victim:
    """A server that is killed while a participant is taken out of a job that has words of its own."""

    def __init__(self, server):
        self.server = server
        self._numbers = itertools.count()

    def job(self):
        """A job, and those five words in a row of P03's that no other job has."""
        mark = f"the{next(self._numbers)}x"
        request = example(the=mark)
        own = {run for run in own_words(request)["P03"] if any(mark in word for word in run)}
        assert len(own) > 10
        return made(self.server, request, ""), own

    @contextmanager
    def asked(self, job):
        """Ask for it beside the block, at whose end the server is killed; the list is empty where no answer came."""
        answers = []
        with self.server.client() as client:
            client.get("health")  # so that the time of connecting is not the withdrawal's

            def ask():
                with suppress(httpx.HTTPError):  # killed in the middle of it
                    path = f"generate/{job['id']}/withdraw"
                    answers.append(client.post(path, json={"participant": "P03"}).status_code)

            asking = threading.Thread(target=ask)
            asking.start()
            try:
                yield answers
            finally:
                self.server.kill()
                asking.join(30)

    def check(self, job, own, before):
        """Nothing is broken or done by halves, and asked again it is done once; gives whether it was done."""
        is_sound(self.server)
        self.server.start()
        done = is_revised(self.server, job, before, own)
        without(self.server, job, "P03", "")
        assert is_revised(self.server, job, before, own)
        return done


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    """A server to kill, with a webhook."""
    with receiving() as receiver, Serving(tmp_path_factory.mktemp("victim"), **PRIVATE) as server:
        with server.client() as client:
            wanted = {"url": f"{receiver.url}/ok", "events": ["generation.revised"]}
            assert client.post("webhooks", json=wanted).status_code == 201
        yield Victim(server)


def test_killed_before_it_is_kept(victim):
    """Somebody else writes to the database, so that it waits with everything worked out: it is not done."""
    (job, own), database = victim.job(), victim.server.database
    before = rows_of(victim.server, job["id"])
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with victim.asked(job) as answers:
            time.sleep(0.3)
    assert answers == []
    assert not victim.check(job, own, before)


def test_killed_before_it_is_forgotten(victim):
    """Somebody else reads the old state, so that words stay in the log beside the database: the next start clears them."""
    (job, own), database = victim.job(), victim.server.database
    before = rows_of(victim.server, job["id"])
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchone()
        with victim.asked(job) as answers:
            until(lambda: rows_of(victim.server, job["id"]) != before, patience=10)
            assert own & on_disk(victim.server)
    assert answers == []
    assert victim.check(job, own, before)


def test_killed_at_any_moment(victim):
    """Killed at moments spread over the time that it takes: what was answered is kept, the rest is done or not done."""
    job, _ = victim.job()
    with victim.server.client() as client:
        client.get("health")
        begun = time.monotonic()
        client.post(f"generate/{job['id']}/withdraw", json={"participant": "P03"}).raise_for_status()
        whole = time.monotonic() - begun
    unanswered = 0
    for number in range(KILLS):
        job, own = victim.job()
        before = rows_of(victim.server, job["id"])
        with victim.asked(job) as answers:
            time.sleep(whole * (number + 0.5) / KILLS)
        done = victim.check(job, own, before)
        assert done or answers == []
        unanswered += answers == []
    assert unanswered > KILLS / 3
