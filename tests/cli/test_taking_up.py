"""Runs that are broken off, incomplete or replayed, with the installed command and a real model server."""

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
from loopback import Loopback, first
from loopback.synthesis import task_of, truthful

from persona_core.testing import SAMPLE

PERSONA = Path(sys.executable).with_name("persona")
WRITTEN = ("personas.json", "personas.md")


@pytest.fixture
def model():
    """A model that answers truthfully."""
    with Loopback(answer=truthful) as server:
        yield server


@pytest.fixture
def start(model, tmp_path):
    """Begin `persona generate` on the sample study, with a model unless another is named."""
    for name, text in SAMPLE.items():
        file = tmp_path / "study" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    nobody = ("PERSONA_", "OPENAI_", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(nobody)}
    kept |= {"OPENAI_API_KEY": "k", "PERSONA_CONFIG_DIR": str(tmp_path / "none")}

    def run(*options: object, url: str | None = None) -> subprocess.Popen[str]:
        command = [str(PERSONA), "generate", "study", "--model", "openai/loop", *map(str, options)]
        env = {**kept, "OPENAI_BASE_URL": url or model.url}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=tmp_path, env=env, **pipes)

    return run


@pytest.fixture
def generate(start):
    """Run it to its end."""

    def run(*options: object, **more: str) -> subprocess.CompletedProcess[str]:
        with start(*options, **more) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run


def personas(folder: Path) -> list[dict]:
    """What a run made."""
    return json.loads((folder / "personas.json").read_text())["personas"]


def usage(folder: Path) -> dict:
    """What a run took."""
    return json.loads((folder / "personas.json").read_text())["generation"]["usage"]


def refusing(fault):
    """A fault for every call about the first persona that is asked for."""
    refused = []

    def of(request):
        task = task_of(request)[:90]
        if task.startswith("Write one persona") and (not refused or refused[0] == task):
            refused[:] = [task]
            return fault
        return None

    return of


def until(server: Loopback, answered: int) -> None:
    """Wait for so many answers."""
    deadline = time.monotonic() + 60
    while len(server.requests) - server.in_flight < answered:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.2)


@pytest.mark.parametrize("fault", [None, first(1, "length"), first(2, "cut"), first(1, "empty")])
def test_a_replay_gives_the_same_bytes(generate, model, tmp_path, fault):
    """Time, usage and cost included, with nobody listening; and answers that led nowhere are in them."""
    model.fault = fault
    assert generate("--out", "run", "--assume-price", "3").returncode == 0
    time.sleep(1.1)  # the time is written to the second
    found = generate(
        "--out", "again", "--replay", "run/journal.jsonl", "--assume-price", "3", url="http://127.0.0.1:9/v1"
    )
    assert found.returncode == 0, found.stderr
    for name in WRITTEN:
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    lines = (tmp_path / "run" / "journal.jsonl").read_text().splitlines()
    took = [json.loads(line)["completion"]["usage"] for line in lines if '"completion"' in line]
    tokens = sum(each["prompt_tokens"] + each["completion_tokens"] for each in took)
    said = usage(tmp_path / "run")
    assert said["prompt_tokens"] + said["completion_tokens"] == tokens
    assert said["cost_usd"] == pytest.approx(tokens * 3e-6)


def test_calls_that_are_lost_are_said(generate, model):
    """What they cost is in no sum, since nobody knows it."""
    model.fault = first(1, "cut")
    found = generate("--json")
    assert found.returncode == 0
    assert "One call to the model ended without an answer" in found.stderr
    assert json.loads(found.stdout)["generation"]["usage"]["prompt_tokens"] > 0


def test_what_is_missing_after_exit_5_is_taken_up(generate, model, tmp_path, every_quote_holds):
    """The message says how; only what has no answer is asked, and the whole folder is replaced by a fuller one."""
    model.fault = refusing("400")
    found = generate("--out", "run")
    assert found.returncode == 5
    assert "persona generate … --resume run" in found.stderr
    before, began = len(model.requests), (tmp_path / "run" / "personas.json").read_text()
    assert len(personas(tmp_path / "run")) == 2
    (tmp_path / "run" / "note.txt").write_text("mine")
    model.fault = None
    found = generate("--resume", "run")
    assert found.returncode == 0, found.stderr
    assert len(model.requests) - before == 1
    assert len(personas(tmp_path / "run")) == 3
    assert (tmp_path / "run" / "note.txt").read_text() == "mine"
    assert sorted(tmp_path.glob("run*")) == [tmp_path / "run"]
    stamp = r'"generated_at": "[^"]*"'
    assert re.findall(stamp, began) == re.findall(stamp, (tmp_path / "run" / "personas.json").read_text())
    every_quote_holds(tmp_path / "run")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_whole_folder_outlives_an_attempt_that_is_broken_off(generate, start, model, tmp_path, number):
    """It stays to the byte, until an attempt comes to its end."""
    model.fault = refusing("400")
    assert generate("--out", "run").returncode == 5
    before = {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()}
    model.fault = "hang"
    asked = len(model.requests)
    with start("--resume", "run") as process:
        while len(model.requests) == asked:
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert {file.name: file.read_bytes() for file in (tmp_path / "run").iterdir()} == before
    if number == signal.SIGINT:
        assert "nothing half-made" in said
    model.fault = None
    assert generate("--resume", "run").returncode == 0
    assert len(personas(tmp_path / "run")) == 3
    assert sorted(tmp_path.glob("run*")) == [tmp_path / "run"]


def test_an_attempt_that_gets_no_further_leaves_no_trace(generate, model, tmp_path):
    """The same refusal again: exit 5 again, and the same two personas."""
    model.fault = refusing("400")
    assert generate("--out", "run").returncode == 5
    before = personas(tmp_path / "run")
    assert generate("--resume", "run").returncode == 5
    assert personas(tmp_path / "run") == before


def test_an_interrupt_says_what_was_kept(start, model, tmp_path):
    """Where it is, and how to go on; and nothing of the kind where nothing was answered."""
    model.latency = 0.4
    with start("--out", "my run", "--concurrency", "1") as process:
        until(model, 2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"Interrupted.\nWhat the model answered is kept in {tmp_path / 'my run.partial'}." in said
    assert "persona generate … --resume 'my run'" in said
    assert "nothing half-made" not in said
    model.fault = "hang"
    with start("--out", "other") as process:
        until(model, 3)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert "Interrupted; nothing half-made was left behind." in said
    assert not list(tmp_path.glob("other*"))


def test_a_failure_says_what_was_kept(generate, model, tmp_path):
    """A server that goes away after its first answer."""
    model.fault = lambda request: "500" if request.number > 1 else None
    found = generate("--out", "run", "--timeout", "1")
    assert found.returncode == 4
    assert f"What the model answered is kept in {tmp_path / 'run.partial'}." in found.stderr


def test_a_budget_holds_over_all_attempts(generate, model, tmp_path):
    """What was spent before is said in one line, and counts."""
    price = ("--assume-price", "10")
    model.fault = refusing("400")
    assert generate("--out", "run", *price, "--budget", "5").returncode == 5
    spent = usage(tmp_path / "run")["cost_usd"]
    asked, model.fault = len(model.requests), None
    found = generate("--resume", "run", *price, "--budget", f"{spent + 0.0001:.4f}")
    assert f"${spent:.4f} of the run's budget of ${spent + 0.0001:.4f} were spent before." in found.stderr
    assert found.returncode != 0
    assert len(model.requests) == asked
    assert generate("--resume", "run", *price, "--budget", "5").returncode == 0


def test_a_second_process_is_refused(generate, start, model, tmp_path):
    """One sentence; the first one ends well."""
    model.latency = 0.3
    with start("--out", "run", "--concurrency", "1") as process:
        until(model, 1)
        second = generate("--out", "run")
        process.communicate(timeout=60)
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert "another process is writing" in second.stderr
    assert process.returncode == 0
    assert len(personas(tmp_path / "run")) == 3


@pytest.mark.parametrize(
    "other", [("--no-journal",), ("--out", "elsewhere"), ("--replay", "run/journal.jsonl")]
)
def test_what_cannot_go_with_resume_is_refused(generate, tmp_path, other):
    """Before anything is read."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "journal.jsonl").write_text("{}")
    found = generate("--resume", "run", *other)
    assert found.returncode == 2
    assert "--resume" in found.stderr
    assert "leave out" in found.stderr
