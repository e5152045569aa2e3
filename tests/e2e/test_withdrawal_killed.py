"""`persona withdraw` that is killed: the run folder is wholly as it was or wholly revised, and the next command tidies up.

PERSONA_SOAK_KILLS is how often it is killed at moments spread over its time, 12 times by default.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from persona_core.errors import ConfigurationError
from persona_core.pipeline import withdraw
from persona_core.runs import read_manifest, read_personas
from persona_core.testing import SAMPLE

PERSONA = Path(sys.executable).with_name("persona")
KILLS = int(os.environ.get("PERSONA_SOAK_KILLS", "12"))
THEIRS, NOTE = "There is no signal at the stop", "Ask about ticket prices."
AT_A_STEP = """
import os, signal, sys
from persona_cli.main import run
left, changes = int(sys.argv[1]), {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}
def step(event, given):
    global left
    if event in changes or (event == "open" and given[2] & (os.O_WRONLY | os.O_RDWR)):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
sys.exit(run(sys.argv[2:]))
"""
"""The command, killed before it changes a file or folder for so many-th time."""


@pytest.fixture
def made(tmp_path, installed) -> Path:
    """A run in which P01 is quoted, with a note that does not repeat them and one that does."""
    for name, text in SAMPLE.items():
        file = tmp_path / "study" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    done = installed("generate", "study", "-n", "2", "--out", "made")
    assert done.returncode == 0, done.stderr
    (tmp_path / "made" / "notes").mkdir()
    (tmp_path / "made" / "notes" / "mine.txt").write_text(NOTE)
    (tmp_path / "made" / "notes" / "theirs.txt").write_text(THEIRS)
    return tmp_path / "made"


def again(made: Path) -> Path:
    """The run as it was, and nothing beside it."""
    run = made.with_name("run")
    for each in made.parent.glob("run*"):
        shutil.rmtree(each)
    return shutil.copytree(made, run)


def contents(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def is_revised(run: Path, made: Path) -> bool:
    """Whether a run is wholly revised; if not, it is wholly as it was."""
    now, before = contents(run), contents(made)
    now.pop(".lock", None)
    if now == before:
        return False
    assert now.keys() == before.keys() - {"notes/theirs.txt"}
    assert now["notes/mine.txt"] == before["notes/mine.txt"]
    assert [each.participant for each in read_personas(run).withdrawn] == ["P01"]
    assert read_manifest(run).loading.withdrawn == ("P01",)
    for name in ("personas.json", "personas.md", "report.html", "manifest.json"):
        assert THEIRS not in now[name].decode()
        assert b"withdrew after these personas were made" in now[name]
    return True


def beside(run: Path) -> list[str]:
    return sorted(each.name for each in run.parent.glob("run*") if each != run)


def check(run: Path, made: Path, installed) -> str:
    """What a killed command left is whole, or becomes so with the next command; gives how far it had come."""
    left = beside(run)
    if run.exists():
        far = "revised" if is_revised(run, made) else "as it was"
    else:
        far = "put aside"
        assert contents(run.with_name("run.replaced.partial")) == contents(made)
    if "run.replaced.partial" in left:
        done = installed("verify", "run", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["counts"]["missing"] == 0
        assert "run.replaced.partial" not in beside(run)
    revised = is_revised(run, made)
    assert revised == (far == "revised")
    with pytest.raises(ConfigurationError, match="P01 withdrew") if revised else nullcontext():
        withdraw(run, "P01", apply=True)
    assert is_revised(run, made)
    assert beside(run) == []
    assert ".lock" not in contents(run)
    return "revised, and the old one there" if revised and left else far


@pytest.mark.parametrize("first", [1, 2, 3])
def test_before_every_change_on_disk(installed, made, first):
    """Every third of them from the first, the second and the third on; at the end the command comes to its own."""
    found = set()
    for number in itertools.count(first, 3):
        run = again(made)
        command = [
            sys.executable,
            "-c",
            AT_A_STEP,
            str(number),
            "withdraw",
            "run",
            "--participant",
            "P01",
            "--apply",
        ]
        env = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=made.parent, env=env, capture_output=True, timeout=120, check=False
        )
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        found.add(check(run, made, installed))
    assert number > 12
    assert is_revised(run, made)
    assert beside(run) == []
    assert {"as it was", "revised, and the old one there"} <= found


def test_at_any_moment(installed, made):
    """Killed at moments spread over the time that it takes."""
    begun = time.monotonic()
    run = again(made)
    done = installed("withdraw", "run", "--participant", "P01", "--apply")
    assert done.returncode == 0, done.stderr
    whole = time.monotonic() - begun
    killed = 0
    for number in range(KILLS):
        run = again(made)
        command = [PERSONA, "withdraw", "run", "--participant", "P01", "--apply"]
        with subprocess.Popen(
            command, cwd=made.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(whole * (number + 0.5) / KILLS)
            process.kill()
        killed += process.returncode != 0
        check(run, made, installed)
    assert killed > KILLS / 2
