"""`--server`: the same output and exit codes as on this machine, and what can go wrong on the way."""

import json
import signal
from pathlib import Path

import httpx
import pytest
from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving, until
from serving.answering import answering

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"


@pytest.fixture(scope="module")
def model():
    """A model that takes its time."""
    with Loopback(answer=truthful, latency=0.7) as loopback:
        yield loopback


@pytest.fixture(scope="module")
def server(tmp_path_factory, model):
    """A server that may ask the model."""
    settings = {
        "PERSONA_ALLOW_MODEL": "openai/*",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "k",
    }
    with Serving(tmp_path_factory.mktemp("served"), **settings) as serving:
        yield serving


@pytest.fixture
def run(persona, here):
    """A run folder of the example study."""
    assert persona("generate", STUDY, "--out", "run")[0] == 0
    return "run"


def without_times(folder):
    """Personas without when they were made."""
    made = json.loads((folder / "personas.json").read_text())
    made["generation"].pop("generated_at")
    return made


class TestTheSame:
    def test_personas(self, persona, here, run, server):
        """A run folder of the same files with the same personas; the manifest says where the words went."""
        code, out, err = persona("generate", STUDY, "--out", "there", "--server", server.url)
        assert code == 0
        assert "Written to there" in out
        assert "Working offline" not in err
        assert without_times(here / "there") == without_times(here / run)
        assert sorted(path.name for path in (here / "there").iterdir()) == sorted(
            path.name for path in (here / run).iterdir()
        )
        egress = json.loads((here / "there" / "manifest.json").read_text())["egress"]
        assert [(each["host"], each["model"]) for each in egress] == [("127.0.0.1", "extractive")]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("verify", "run"),
            ("verify", "run", "--json"),
            ("score", "run"),
            ("score", "run", "-o", "json"),
            ("score", "run", "--min-score", "99.9"),
            ("script", "generate", "run#persona-001"),
            ("script", "generate", "run#persona-001", "--threshold", "0", "--k", "1"),
            ("audit", "run/personas.md", "--sources", STUDY),
            ("verify", "run", "--sources", STUDY / "survey.csv"),
        ],
        ids=lambda arguments: " ".join(map(str, arguments[:4])),
    )
    def test_what_is_said_and_how_it_ends(self, persona, run, server, arguments):
        """Standard output and exit code are those of this machine, gates and refusals included."""
        code, out, _ = persona(*arguments)
        there = persona(*arguments, "--server", server.url)
        assert there[:2] == (code, out)

    def test_a_survey_whose_columns_were_named(self, persona, here, server):
        """How the sources were read goes with the question."""
        rows = "".join(f"P{n},I want to go home by tram number {n} and not wait.\n" for n in range(6))
        (here / "odd.csv").write_text("who,Why do you ride?\n" + rows)
        assert persona("generate", "odd.csv", "-n", 2, "--participant-column", "who", "--out", "odd")[0] == 0
        for command in (("verify",), ("score", "-o", "json")):
            here_, there = persona(*command, "odd"), persona(*command, "odd", "--server", server.url)
            assert here_[:2] == there[:2]
            assert there[0] == 0

    def test_consent_is_heard(self, persona, here, server):
        """A participants file beside the study is the server's, too: no word of who may not be quoted."""
        (here / "who.csv").write_text("participant,quote_ok\nP01,no\nP02,yes\nP03,yes\nP04,yes\n")
        rows = "".join(f"P0{n},I want the doors to wait for wheelchair number {n}.\n" for n in range(1, 5))
        (here / "said.csv").write_text("participant,What?\n" + rows)
        made = persona(
            "generate", "said.csv", "--participants", "who.csv", "-n", 1, "--json", "--server", server.url
        )
        assert made[0] == 0
        assert "wheelchair number 1" not in made[1]

    def test_a_batch_by_the_environment(self, persona, here, run, server, monkeypatch):
        """PERSONA_BASE_URL stands for --server, in subcommands as well; `check` shows it."""
        monkeypatch.setenv("PERSONA_BASE_URL", server.url)
        code, _, _ = persona("script", "batch", run, "-o", "scripts")
        assert code == 0
        assert len(list((here / "scripts").iterdir())) == 3
        until(lambda: "make_script" in server.log, patience=10)  # its line comes after the answer
        assert server.url in persona("check")[1]


class TestWhatCanGoWrong:
    def test_no_server(self, persona, run):
        """Exit 4, as for a model that cannot be reached."""
        code, _, err = persona("verify", run, "--server", "http://127.0.0.1:9")
        assert code == 4
        assert "http://127.0.0.1:9 cannot be reached" in err

    def test_an_address_that_is_none(self, persona, run):
        """Exit 3, and how one begins, before anybody is asked to agree."""
        for address in ("localhost:8000", "https//persona.example.org"):
            code, _, err = persona("verify", run, "--server", address)
            assert code == 3
            assert "one such as http://localhost:8000" in err

    def test_a_wrong_key(self, persona, run, tmp_path, monkeypatch):
        """Exit 3, as for a model's key."""
        monkeypatch.setenv("PERSONA_API_KEY", "wrong")
        with Serving(tmp_path / "guarded", PERSONA_API_AUTH_TOKEN="t" * 24) as guarded:
            code, _, err = persona("verify", run, "--server", guarded.url)
        assert code == 3
        assert "key" in err

    def test_nothing_leaves_unasked(self, persona, run):
        """Words go to another machine only with a yes."""
        code, _, err = persona("verify", run, "--server", "http://192.0.2.1")
        assert code == 2
        assert "12 participants" in err
        assert "192.0.2.1: nothing was sent; give --yes to send it" in err

    @pytest.mark.parametrize(
        "arguments",
        [("generate", STUDY, "--resume", "run"), ("score", "run", "--judge", "openai/loop")],
        ids=["resume", "judge"],
    )
    def test_what_only_this_machine_does(self, persona, run, server, arguments):
        """Said as wrong usage."""
        assert persona(*arguments, "--server", server.url)[0] == 2

    def test_a_server_of_another_version(self, persona, run):
        """Said as a note."""
        with answering({"status": "ok", "version": "9.9.0"}) as url:
            code, _, err = persona("verify", run, "--server", url)
        assert code != 0
        assert "Note: the server is of version 9.9.0" in err

    def test_ctrl_c_cancels_the_job(self, command, start, server):
        """The job there ends when the command does; nothing is written."""
        process = start(
            "generate", str(STUDY), "--model", "openai/loop", "--out", "cut", "--server", server.url
        )
        with httpx.Client(base_url=f"{server.url}/api/v1/") as client:
            until(lambda: running(client), patience=20)
            job = running(client)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)
            assert process.returncode == 130
            assert b"Interrupted" in err
            until(lambda: client.get(f"generate/{job}").json()["status"] != "running", patience=20)
            assert client.get(f"generate/{job}").json()["status"] == "cancelled"


def test_progress_on_a_terminal(here, command, on_a_terminal, server):
    """The stage, the personas as they appear and the cost so far; with a pipe, none of it."""
    arguments = [
        "generate",
        str(STUDY),
        "--model",
        "openai/loop",
        "--assume-price",
        "5",
        "--server",
        server.url,
    ]
    text = on_a_terminal([*arguments, "--out", "shown"]).decode()
    assert "archetypes" in text
    assert "/3" in text
    assert "so far" in text
    made = json.loads((here / "shown" / "personas.json").read_text())
    for persona in made["personas"]:
        assert f"{persona['name']}: {persona['title']}" in text
    piped = command(*arguments, "--json")
    assert piped.returncode == 0
    assert b"so far" not in piped.stderr
    assert b"\x1b" not in piped.stdout + piped.stderr


def running(client):
    """The job that runs, if one does."""
    jobs = client.get("generate", params={"status": "running"}).json()["data"]
    return jobs[0]["id"] if jobs else None
