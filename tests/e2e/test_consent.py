"""A participant without consent is planted in a study, and their words are looked for in whatever comes out of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving
from serving.receiver import receiving

from persona_api.operations import OPERATIONS
from persona_cli.main import COMMANDS
from persona_core.loading import load
from persona_core.models import Corpus, LoadingOptions
from persona_core.testing import SAMPLE
from persona_core.text import OwnWords
from persona_sdk import PersonaClient

PLANTED = "P07"
TALK = (
    "Interviewer: How do you get to work?\n\n"
    "Participant: I want to get to the quarry without waiting in the rain. I always leave before the milkman comes.\n\n"
    "Interviewer: What goes wrong?\n\n"
    "Participant: The lift behind the harbour office smells of diesel and wet rope. It is really frustrating.\n\n"
    "Participant: My ticket never loads by the cemetery gate, so I show the driver my pension card.\n"
)
ROW = "P07,58,Quarryman,The lift at the cemetery gate gets stuck most mornings.,I want to ride home without showing my pension card.\n"
FILES = {
    **SAMPLE,
    "interviews/P07.md": TALK,
    "survey.csv": SAMPLE["survey.csv"] + ROW,
}
ALLOWED = [{"participant": f"P0{i}", "quote_ok": "no" if f"P0{i}" == PLANTED else "yes"} for i in range(1, 8)]
SOURCES = [{"name": name, "content": text} for name, text in FILES.items()]
THEIRS = [
    {
        "id": "persona-001",
        "name": "Lin Ferrari",
        "title": "Rides home without showing my pension card",
        "summary": "They say: I always leave before the milkman comes.",
        "goals": [
            {
                "text": "Wants to ride home without showing a card",
                "evidence": [
                    {"quote": "I want to ride home without showing my pension card.", "participant": PLANTED},
                    {"quote": "I want to get home with no surprises.", "participant": "P01"},
                ],
            },
            {"text": "I want to get to the quarry without waiting in the rain."},
            {"text": "I want to get to the quarry without waiting in the rain."},
        ],
        "pain_points": [
            {
                "text": "The lift gets stuck",
                "evidence": [
                    {"quote": "the lift behind the harbour office smells of diesel and wet ropes"},
                    {"quote": "I worry that the lift is broken.", "participant": "P05"},
                ],
            }
        ],
        "quotes": ["My ticket never loads by the cemetery gate, so I show the driver my pension card."],
    }
]
"""What another tool made of the study, with no regard for consent."""


def study(folder: Path) -> Path:
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    lines = [f"{each['participant']},{each['quote_ok']}" for each in ALLOWED]
    (folder / "participants.csv").write_text("\n".join(["participant,quote_ok", *lines]) + "\n")
    return folder


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Path:
    return study(tmp_path_factory.mktemp("planted") / "study")


@pytest.fixture(scope="module")
def corpus(planted) -> Corpus:
    return load(planted, LoadingOptions())


@pytest.fixture(scope="module")
def theirs(corpus) -> OwnWords:
    """The words of the one without consent, but for what others said, too."""
    texts = [(corpus.participant(i), corpus.columns.texts[i]) for i in range(len(corpus))]
    return OwnWords(
        (text for who, text in texts if who == PLANTED), (text for who, text in texts if who != PLANTED)
    )


def shows(theirs: OwnWords, text: str) -> list[str]:
    """The lines of a text that repeat their words: as they stand, without mark-up, and without JSON's escapes."""
    plain = re.sub(r"<[^>]*>", " ", text)
    lines = [*text.splitlines(), *plain.splitlines()]
    for line in text.splitlines():
        if line.lstrip().startswith(("{", "[")):
            try:
                lines += _strings(json.loads(line))
            except ValueError:
                continue
    return [line for line in lines if theirs.repeated_in(line)]


def _strings(value):
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(each)


def test_what_is_looked_for_can_be_found(theirs, planted):
    """Or nothing below could fail."""
    assert shows(theirs, (planted / "interviews" / "P07.md").read_text())
    assert shows(theirs, json.dumps(THEIRS))


def test_they_support_claims_and_are_counted(planted):
    """They are no less a part of the study."""
    made = PersonaClient().generate(planted, count=2)
    assert made.corpus.participants == 7
    stands = [code for persona in made.personas for code in persona.participants] + list(made.unrepresented)
    assert PLANTED in stands


WORDLESS = {"worker", "serve", "keys", "webhooks", "schema", "check", "completion"}
"""Commands that read no study; what `serve` answers is looked at below."""
ASKED = {
    "generate": [
        ["generate", "study", "--dry-run"],
        ["generate", "study", "--out", "run", "-n", "2"],
        ["generate", "study", "-n", "3", "--json", "--out", "another"],
        ["generate", "study", "--group-by", "Occupation", "--json"],
    ],
    "verify": [
        ["verify", "run"],
        ["verify", "run", "--json"],
        ["verify", "theirs.json", "--sources", "study"],
        ["verify", "theirs.json", "--sources", "study", "--json"],
    ],
    "score": [
        ["score", "run"],
        ["score", "run", "-o", "json"],
        ["score", "theirs.json", "--sources", "study", "-o", "markdown"],
        ["score", "theirs.json", "--sources", "study", "-o", "json"],
    ],
    "report": [
        ["report", "run", "-o", "share.html"],
        ["report", "run", "--audience", "team", "-o", "team.html"],
        ["report", "theirs.json", "--sources", "study", "-o", "theirs.html"],
        ["report", "theirs.json", "--sources", "study", "--audience", "team", "-o", "theirs-team.html"],
        ["report", "theirs.json", "--sources", "study", "--audience", "team", "-f", "md", "-o", "-"],
        ["report", "theirs.json", "--sources", "study", "-f", "csv", "-o", "-"],
    ],
    "script": [
        ["script", "batch", "run", "--out", "cards"],
        ["script", "batch", "run", "--out", "prompts", "--format", "system_prompt"],
        ["script", "generate", "run#persona-001", "--format", "tavern_v2"],
        ["script", "generate", "theirs.json", "--sources", "study"],
        ["script", "generate", "theirs.json", "--sources", "study", "--format", "system_prompt"],
    ],
    "audit": [
        ["audit", "leak.txt", "--sources", "study"],
        ["audit", "leak.txt", "--sources", "study", "--json"],
    ],
    "withdraw": [
        ["withdraw", "run", "--participant", "P01"],
        ["withdraw", "run", "--participant", "P01", "--apply", "--json"],
        ["withdraw", "run", "--participant", PLANTED],
        ["withdraw", "run", "--participant", PLANTED, "--json"],
    ],
}


def test_every_command_is_looked_at():
    """A new command has to be put in one list or the other."""
    assert set(COMMANDS) == WORDLESS | set(ASKED)


def test_no_command_shows_their_words(installed, planted, theirs, tmp_path):
    """Not on the terminal, and in no file."""
    (tmp_path / "study").symlink_to(planted)
    (tmp_path / "theirs.json").write_text(json.dumps(THEIRS))
    (tmp_path / "leak.txt").write_text(f"She says: {TALK.splitlines()[2]}")
    given = {tmp_path / "theirs.json", tmp_path / "leak.txt"}
    for commands in ASKED.values():
        for arguments in commands:
            done = installed(*arguments)
            assert done.returncode in {0, 1, 6}, (arguments, done.stderr)
            assert not shows(theirs, done.stdout), arguments
            assert not shows(theirs, done.stderr), arguments
            for file in tmp_path.rglob("*"):
                if file.is_file() and file not in given:
                    assert not shows(theirs, file.read_text(errors="replace")), (arguments, file)


def test_nothing_but_the_journal_holds_their_words_where_a_model_was_asked(
    installed, planted, theirs, tmp_path, model
):
    """The journal keeps what the model answered, so that a run can be replayed; all else shows nothing."""
    (tmp_path / "study").symlink_to(planted)
    asking = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "k", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    made = installed("generate", "study", "-n", 2, "--model", "openai/loop", "--out", "run", **asking)
    assert made.returncode == 0, made.stderr
    commands = (
        ("report", "run", "--audience", "team", "-o", "run/team.html"),
        ("verify", "run", "--json"),
        ("script", "generate", "run#persona-001"),
    )
    for done in (made, *(installed(*each) for each in commands)):
        assert not shows(theirs, done.stdout + done.stderr)
    files = [each for each in (tmp_path / "run").rglob("*") if each.is_file()]
    assert {"personas.json", "personas.md", "report.html", "team.html"} <= {each.name for each in files}
    telling = {each.name for each in files if any(map(theirs.repeated_in, _read(each)))}
    assert telling == {"journal.jsonl"}


def _read(file):
    """The lines of a file, and every text in those that are JSON, also in JSON within JSON."""
    for line in file.read_text().splitlines():
        found = [line]
        while found:
            text = found.pop()
            yield text
            try:
                value = json.loads(text)
            except ValueError:
                continue
            found += [each for each in _strings(value) if each != text]


def test_who_withdrew_before_is_shown_nowhere(installed, planted, theirs, tmp_path):
    """Marked in the participants file, their words are in no output, though another tool and an interviewer repeat them."""
    (tmp_path / "people.csv").write_text(f"participant,withdrawn\n{PLANTED},yes\n")
    shutil.copytree(planted, tmp_path / "study")
    repeated = "Interviewer: One said, my ticket never loads by the cemetery gate. And yours?\n\n"
    talk = tmp_path / "study" / "interviews" / "P01.md"
    talk.write_text(re.sub(r"Interviewer: .*\n\n", repeated, talk.read_text()))
    (tmp_path / "theirs.json").write_text(json.dumps(THEIRS))
    people = ("--participants", "people.csv")
    own = ("theirs.json", "--sources", "study", *people)
    for arguments in (
        ("generate", "study", *people, "-n", "2", "--out", "run"),
        ("report", "run", "--audience", "team", "-o", "run/team.html"),
        ("report", *own, "--audience", "team", "-o", "run/theirs.html"),
        ("report", *own, "-f", "md", "-o", "-"),
        ("report", *own, "-f", "csv", "-o", "-"),
        ("verify", *own, "--json"),
        ("score", *own, "-o", "json"),
        ("script", "generate", *own, "-f", "system_prompt"),
    ):
        done = installed(*arguments)
        assert done.returncode in {0, 1, 6}, (arguments, done.stderr)
        assert not shows(theirs, done.stdout + done.stderr), arguments
    for file in (tmp_path / "run").rglob("*"):
        assert not shows(theirs, file.read_text()), file


@pytest.fixture(scope="module")
def model():
    """A model that quotes whoever it reads."""
    with Loopback(answer=truthful) as loopback:
        yield loopback


@pytest.fixture(scope="module")
def server(tmp_path_factory, model):
    settings = {
        "PERSONA_ALLOW_MODEL": "openai/*",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "k",
        "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
        "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
    }
    with Serving(tmp_path_factory.mktemp("server"), **settings) as serving:
        yield serving


def test_no_endpoint_shows_their_words(server, theirs, model):
    """Not in an answer, an event, a delivery or the log; and every operation is asked."""
    said: dict[tuple[str, str], list[str]] = {}
    with receiving() as receiver, server.client() as client:

        def ask(method: str, path: str, *, status: int, body=None, **parts: str):
            answer = client.request(method, path.format(**parts).lstrip("/"), json=body)
            assert answer.status_code == status, answer.text
            said.setdefault((method, path), []).append(answer.text)
            return answer.json() if answer.content and "json" in answer.headers["content-type"] else None

        hook = ask("POST", "/webhooks", status=201, body={"url": f"{receiver.url}/ok"})["id"]
        jobs = [_job(ask, server, model=name) for name in ("extractive", "openai/gpt-4o-mini")]
        for made in (*(job["result"] for job in jobs), THEIRS):
            _measure(ask, made)
        for job in jobs:
            said.setdefault(("GET", "/generate/{id}/events"), []).append(json.dumps(server.events(job["id"])))
            for who in ("P01", PLANTED):
                body = {"participant": who}
                ask("POST", "/generate/{id}/withdraw", status=200, body=body, id=job["id"])
                ask("GET", "/generate/{id}", status=200, id=job["id"])
        ask("POST", "/generate/{id}/withdraw", status=422, body={"participant": "P09"}, id=jobs[0]["id"])
        receiver.wait("/ok", 2 * 5)
        ask("POST", "/webhooks/{id}/ping", status=202, id=hook)
        ask("GET", "/webhooks", status=200)
        ask("GET", "/webhooks/{id}", status=200, id=hook)
        ask("PATCH", "/webhooks/{id}", status=200, body={"events": ["generation.revised"]}, id=hook)
        ask("POST", "/webhooks/{id}/rotate-secret", status=200, id=hook)
        delivery = ask("GET", "/webhooks/{id}/deliveries", status=200, id=hook)["data"][0]["id"]
        redeliver = "/webhooks/{id}/deliveries/{delivery_id}/redeliver"
        ask("POST", redeliver, status=202, id=hook, delivery_id=delivery)
        ask("DELETE", "/webhooks/{id}", status=204, id=hook)
        ask("GET", "/generate", status=200)
        ask("GET", "/audit-log", status=200)
        ask("GET", "/health", status=200)
        ask("GET", "/ready", status=200)
        ask("POST", "/generate/{id}/cancel", status=202, id=jobs[0]["id"])
        ask("DELETE", "/generate/{id}", status=204, id=jobs[0]["id"])
        said["delivered"] = [each.body.decode() for each in receiver.received]
    said["log"] = [server.log]
    assert {(each.method, each.path) for each in OPERATIONS} == set(said) - {"delivered", "log"}
    for where, texts in said.items():
        for text in texts:
            assert not shows(theirs, text), where


def _job(ask, server, **more):
    """A finished job of the study, looked at while it ran and after."""
    body = {"sources": SOURCES, "participants": ALLOWED, "count": 2, **more}
    id = ask("POST", "/generate", status=202, body=body)["id"]
    job = server.wait(id)
    assert job["status"] == "completed", job
    return ask("GET", "/generate/{id}", status=200, id=id)


def _measure(ask, personas):
    material = {"sources": SOURCES, "participants": ALLOWED}
    ask("POST", "/score", status=200, body={"personas": personas, **material})
    ask("POST", "/verify", status=200, body={"personas": personas, **material})
    one = (personas if isinstance(personas, list) else personas["personas"])[0]
    script = {"persona": one, "format": "system_prompt", **material}
    ask("POST", "/scripts", status=200, body=script)
    ask("POST", "/audit", status=200, body={"text": f"She says: {TALK.splitlines()[2]}", **material})


def test_no_representation_shows_their_words(planted, theirs):
    """What the SDK gives, prints, saves and shows in a notebook."""
    client = PersonaClient()
    events = []
    made = client.generate(planted, count=2, on_event=events.append)
    shown = [
        repr(made),
        str(made.rows()),
        made._repr_html_(),
        made.to_json().decode(),
        repr(made.personas[0]),
        repr(events),
        client.report(made, sources=planted),
        repr(client.verify(made, sources=planted)),
        repr(client.score(made, sources=planted)),
        str(client.script(made.personas[0], sources=planted)),
        made.without("P01").to_json().decode(),
    ]
    assert not [text[:80] for text in shown if shows(theirs, text)]
