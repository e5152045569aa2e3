"""The real command, run as people run it."""

import ctypes
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "docs" / "examples" / "study"
PERSONA = Path(sys.executable).with_name("persona")


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment without anybody's settings."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PERSONA_", "NO_COLOR"))
    }
    return kept | {"PERSONA_CONFIG_DIR": str(tmp_path / "no-config")} | more


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, with nobody's settings in force."""
    for name in [name for name in os.environ if name.startswith("PERSONA_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("PERSONA_CONFIG_DIR", str(tmp_path / "no-config"))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command(here, tmp_path):
    """Run the installed command in a process of its own."""

    def run(*arguments: object, stdin: bytes = b"", **more):
        return subprocess.run(
            [str(PERSONA), *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=here,
            timeout=120,
            check=False,
            env=environment(tmp_path, **more.pop("env", {})),
            **more,
        )

    return run


@pytest.fixture
def start(here, tmp_path):
    """Start the installed command and give the process."""

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([str(PERSONA), *arguments], cwd=here, env=environment(tmp_path), **pipes)

    return run


@pytest.fixture
def as_anybody():
    """What a process does first (Linux) for permissions to hold for root, too."""

    def give_up() -> None:
        drop, override, search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        for right in (override, search):
            ctypes.CDLL(None).prctl(drop, right, 0, 0, 0)

    return give_up


@pytest.fixture
def on_a_terminal(here, tmp_path):
    """Run the installed command on a terminal of its own; gives all that it showed there."""

    def run(arguments: list[str], **more: str) -> bytes:
        parent, child = pty.openpty()
        env = environment(tmp_path, **{"TERM": "xterm-256color", "COLUMNS": "100", **more})
        process = subprocess.Popen([str(PERSONA), *arguments], cwd=here, stdout=child, stderr=child, env=env)
        os.close(child)
        said = b""
        while part := _part(parent):
            said += part
        os.close(parent)
        assert process.wait(60) == 0
        return said

    return run


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the command has ended
        return b""


@pytest.fixture
def persona(here, capfdbinary):
    """Run the command in this process: cheaper; gives exit code, stdout and stderr."""
    from persona_cli.main import run

    def call(*arguments: object) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capfdbinary.readouterr()
        return code, said.out.decode(), said.err.decode()

    return call


@pytest.fixture
def survey(here):
    """Six answers in a table."""
    from persona_core.testing import SAMPLE

    file = here / "survey.csv"
    file.write_text(SAMPLE["survey.csv"], encoding="utf-8")
    return file
