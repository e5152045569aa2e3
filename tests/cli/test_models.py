"""`persona generate --model`: a real model server on this machine, the installed command, and what goes wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loopback import Loopback, every, first
from loopback.synthesis import task_of, truthful

from persona_core.testing import SAMPLE

PERSONA = Path(sys.executable).with_name("persona")
KEY = "sk-the-secret-of-this-test"


@pytest.fixture
def model():
    """A model that answers truthfully."""
    with Loopback(answer=truthful) as server:
        yield server


@pytest.fixture
def study(tmp_path):
    """The sample study, in files."""
    for name, text in SAMPLE.items():
        file = tmp_path / "study" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "study"


@pytest.fixture
def environment(model, tmp_path):
    """An environment whose OpenAI is the server on this machine."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PERSONA_", "OPENAI_", "NO_COLOR"))
    }
    return {
        **kept,
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": KEY,
        "PERSONA_CONFIG_DIR": str(tmp_path / "none"),
    }


@pytest.fixture
def generate(study, environment, tmp_path):
    """Run `persona generate` on the study with a model."""

    def run(*options, name="openai/loop", out="run", **variables):
        given = ["--out", out] if out else []
        command = [str(PERSONA), "generate", str(study), "--model", name, *given, *map(str, options)]
        env = {key: value for key, value in {**environment, **variables}.items() if value is not None}
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_a_run_with_a_model_is_whole_and_can_be_replayed_without_a_network(
    generate, model, tmp_path, every_quote_holds
):
    """Personas whose quotes hold, a journal, and the same bytes again with the server away."""
    found = generate()
    assert found.returncode == 0, found.stderr
    every_quote_holds(tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["egress"] == [
        {"host": "127.0.0.1", "model": "openai/loop", "segments": 20, "pseudonymised": False}
    ]
    assert set(manifest["prompts"]) >= {"propose/1", "observe/1", "persona/2", "requote/2"}
    asked = len(model.requests)
    again = generate(
        "--replay",
        "run/journal.jsonl",
        out="again",
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        OPENAI_API_KEY=None,
    )
    assert again.returncode == 0, again.stderr
    assert len(model.requests) == asked
    for name in ("personas.json", "personas.md"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert json.loads((tmp_path / "again" / "manifest.json").read_text())["egress"] == []


def test_the_key_is_nowhere(generate, tmp_path):
    """Not in what is printed, not in what is written."""
    found = generate()
    written = "".join(file.read_text() for file in (tmp_path / "run").iterdir())
    assert KEY not in found.stdout + found.stderr + written


def test_nothing_leaves_for_another_host_without_a_yes(generate, tmp_path):
    """One line says what would go where; exit 2, and no folder."""
    found = generate(name="openai/gpt-5-mini", OPENAI_BASE_URL=None)
    assert found.returncode == 2, found.stderr
    assert re.search(
        r"6 participants, \d+ words, pseudonymised → api\.openai\.com: nothing was sent; give --yes",
        found.stderr,
    )
    assert not list(tmp_path.glob("run*"))


def test_pseudonyms_are_sent_where_they_are_asked_for(study, generate, model, tmp_path, every_quote_holds):
    """No name of the study in any byte that the server received, and the quotes hold all the same."""
    (study / "talk.txt").write_text(
        "Interviewer: Who are you?\n\nMarek Novak: I'm Marek, I wait at Corn Street each morning with my friend Judith. Write to marek@novak.example please.\n\n"
        "Interviewer: And?\n\nMarek Novak: I want the board to tell me, Marek Novak, the truth about the delay.\n"
    )
    found = generate("--pseudonymise", "on")
    assert found.returncode == 0, found.stderr
    received = b"".join(request.raw for request in model.requests).decode()
    assert not re.search("marek|novak|judith|Tessa", received, re.IGNORECASE)
    assert "P0" not in received
    assert str(study) not in received
    every_quote_holds(tmp_path / "run")


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("401", 3, "key"),
        ("404", 3, "model"),
        ("500", 4, "127.0.0.1"),
        ("hang", 4, "allow more (timeout)"),
        ("context", 1, "longer"),
    ],
)
def test_a_model_that_never_answers_is_one_sentence_and_no_folder(
    generate, model, tmp_path, fault, code, said
):
    """Each with its exit code."""
    model.fault = fault
    found = generate("--timeout", "1")
    assert found.returncode == code
    assert len(found.stderr.strip().splitlines()) == 1
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert not list(tmp_path.glob("run*"))


def test_a_missing_key_and_an_unknown_model(generate):
    """Exit 3, and what to set."""
    missing = generate(name="openai/gpt-5-mini", OPENAI_BASE_URL=None, OPENAI_API_KEY=None)
    assert (missing.returncode, "OPENAI_API_KEY" in missing.stderr) == (3, True)
    unknown = generate("--yes", name="nonsense")
    assert (unknown.returncode, "nonsense" in unknown.stderr) == (3, True)


@pytest.mark.parametrize("kind", ["half fail", "cut", "length", "prose", "no schema", "too many"])
def test_faults_that_pass_end_well(generate, model, kind):
    """Half-failing, cut and odd answers cost time, not personas."""
    faults = {
        "half fail": every(2, "503"),
        "cut": first(2, "cut"),
        "length": first(1, "length"),
        "prose": "prose",
        "no schema": "no_schema",
        "too many": first(2, "429:0.1"),
    }
    model.fault = faults[kind]
    found = generate("--json", out=None)
    assert found.returncode == 0, found.stderr
    assert len(json.loads(found.stdout)["personas"]) == 3


def test_a_persona_that_fails_leaves_the_others_and_exit_5(generate, model, tmp_path, every_quote_holds):
    """The rest is written, and said."""
    refused = []

    def one_is_refused(request):
        task = task_of(request)[:90]
        if task.startswith("Write one persona") and (not refused or refused[0] == task):
            refused[:] = [task]
            return "400"
        return None

    model.fault = one_is_refused
    found = generate()
    assert found.returncode == 5
    assert "1 of 3 personas could not be made" in found.stderr
    assert len(json.loads((tmp_path / "run" / "personas.json").read_text())["personas"]) == 2
    every_quote_holds(tmp_path / "run")


def test_a_budget_ends_before_it_is_passed(generate, model, tmp_path):
    """Nothing is asked that could cost more; without a price there is no budget."""
    found = generate("--budget", "0.000001", "--assume-price", "10")
    assert found.returncode == 1
    assert "budget" in found.stderr
    assert model.requests == []
    assert not list(tmp_path.glob("run*"))
    unknown = generate("--budget", "1")
    assert unknown.returncode == 3
    assert model.requests == []


def interrupted(generate_command, model, signal_number, *, after):
    """Start a run, wait for so many answers, and send a signal."""
    running = subprocess.Popen(**generate_command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(model.requests) - model.in_flight < after:
        assert time.monotonic() < deadline
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.02)
    time.sleep(0.2)
    running.send_signal(signal_number)
    running.communicate(timeout=30)
    return running.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_broken_off_is_taken_up_without_asking_again(
    study, environment, model, tmp_path, number, every_quote_holds, generate
):
    """Ctrl-C or kill -9: the journal stays, and `--resume` asks only what was not answered."""
    model.latency = 0.4
    command = [
        str(PERSONA),
        "generate",
        str(study),
        "--model",
        "openai/loop",
        "--out",
        "run",
        "-n",
        "4",
        "--concurrency",
        "1",
    ]
    code = interrupted({"args": command, "cwd": tmp_path, "env": environment}, model, number, after=2)
    assert code == (130 if number == signal.SIGINT else -number)
    assert not (tmp_path / "run").exists()
    journal = tmp_path / "run.partial" / "journal.jsonl"
    held = sum('"completion"' in line and line.endswith("}") for line in journal.read_text().splitlines())
    assert held >= 2
    refused = generate("-n", "4")
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    before, model.latency = len(model.requests), 0.0
    found = generate("-n", "4", "--resume", "run", out=None)
    assert found.returncode == 0, found.stderr
    assert len(model.requests) - before == 5 - held
    assert not (tmp_path / "run.partial").exists()
    every_quote_holds(tmp_path / "run")


def test_a_replay_takes_its_model_from_the_journal(generate, study, environment, tmp_path):
    """Without `--model` it is the one that was asked then, not none."""
    assert generate().returncode == 0
    command = [str(PERSONA), "generate", str(study), "--replay", "run/journal.jsonl", "--out", "again"]
    found = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    for name in ("personas.json", "personas.md"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_without_a_journal_nothing_is_kept(generate, tmp_path):
    """`--no-journal` leaves no record of what the model said."""
    assert generate("--no-journal").returncode == 0
    assert not (tmp_path / "run" / "journal.jsonl").exists()


def test_a_dry_run_says_what_would_be_asked_and_asks_nothing(generate, model):
    """Plan, tokens and price of each stage."""
    found = generate("--dry-run", name="openai/gpt-5-mini")
    assert found.returncode == 0, found.stderr
    assert model.requests == []
    assert re.search(r"archetypes +1 +[\d,]+ +[\d,]+ +0\.\d\d", found.stdout)
    assert re.search(r"personas +3 ", found.stdout)
    assert "Nothing has left this computer" in " ".join(found.stdout.split())


def test_the_offline_path_imports_no_model_library(study, environment, tmp_path):
    """Without a model litellm is never imported."""
    code = f"import sys; from persona_cli.main import run; run(['generate', {str(study)!r}, '--out', 'run']); sys.exit('litellm' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert found.returncode == 0


def test_a_key_that_is_refused_midway_ends_the_run_with_exit_3(generate, model, tmp_path):
    """What was answered before is kept for `--resume`, and no folder looks whole."""
    model.fault = lambda request: "401" if task_of(request).startswith("Write one persona") else None
    found = generate()
    assert found.returncode == 3, found.stderr
    assert "key" in found.stderr
    assert not (tmp_path / "run").exists()
    assert (tmp_path / "run.partial" / "journal.jsonl").exists()


def test_a_second_try_that_fails_is_a_warning_and_replayed_to_the_byte(generate, model, tmp_path):
    """The claim is dropped and said; the same without the server, whose error nobody kept."""

    def invent(request):
        said = json.loads(truthful(request))
        if "goals" in said:
            said["goals"][0]["evidence"] = [{"segment": "S1", "quote": "I want to fly to Mars with my cat"}]
        return json.dumps(said)

    model.answer = invent
    model.fault = lambda request: "400" if task_of(request).startswith("Some claims") else None
    found = generate()
    assert found.returncode == 0, found.stderr
    assert "could not be asked about a second time: the model did not answer" in " ".join(
        found.stderr.split()
    )
    again = generate("--replay", "run/journal.jsonl", out="again")
    assert again.returncode == 0, again.stderr
    for name in ("personas.json", "personas.md"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
