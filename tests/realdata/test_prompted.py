"""A model on real studies: what it receives, and what comes of a study larger than its context."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import Loopback
from loopback.synthesis import task_of, truthful

PERSONA = Path(sys.executable).with_name("persona")
FOLDER = os.environ.get("PERSONA_REALDATA")
pytestmark = pytest.mark.skipif(not FOLDER, reason="PERSONA_REALDATA names no folder of real data")


def generate(model: Loopback, here: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command with the model on this machine."""
    env = {**os.environ, "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "k", "PERSONA_CONFIG_DIR": str(here)}
    command = [str(PERSONA), "generate", "--model", "openai/loop", *options]
    return subprocess.run(
        command, cwd=here, env=env, capture_output=True, text=True, timeout=300, check=False
    )


def test_no_name_of_a_participant_leaves(tmp_path, every_quote_holds):
    """Every byte that the model receives on interviews with real names, and not one of the names in them."""
    sources = [f"{FOLDER}/transcripts-formats/interview-2.md", f"{FOLDER}/transcripts-formats/interview.vtt"]
    with Loopback(answer=truthful) as model:
        found = generate(model, tmp_path, *sources, "-n", "2", "--pseudonymise", "on", "--out", "run")
    assert found.returncode == 0, found.stderr
    received = b"".join(request.raw for request in model.requests).decode()
    assert len(received) > 20_000
    assert not re.search(r"\b(?:danny|silvers|jonas|rosland|rick|nickel|jeremy)\b", received, re.IGNORECASE)
    every_quote_holds(tmp_path / "run")


def test_a_study_larger_than_the_context_is_read_in_batches_and_replayed(tmp_path, every_quote_holds):
    """120 interviews by observations; every participant was read; the journal gives the same bytes again."""
    study = f"{FOLDER}/interviews-workforce"
    with Loopback(answer=truthful) as model:
        found = generate(model, tmp_path, study, "-n", "8", "--out", "run")
    assert found.returncode == 0, found.stderr
    tasks = [task_of(request) for request in model.requests]
    read = {
        code
        for task in tasks
        if task.startswith("Note what")
        for code in re.findall(r"^(P\d+):$", task, re.MULTILINE)
    }
    assert len(read) == 120
    every_quote_holds(tmp_path / "run")
    again = generate(model, tmp_path, study, "-n", "8", "--replay", "run/journal.jsonl", "--out", "again")
    assert again.returncode == 0, again.stderr
    first, second = (
        re.sub(r'"generated_at": "[^"]*"', "", (tmp_path / name / "personas.json").read_text())
        for name in ("run", "again")
    )
    assert first == second
