"""The page on installing is followed to the letter: each of its ways ends with the command."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".boot" / "bin" / "uv"
PAGE = (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
PARTS = ("core", "providers", "sdk", "cli")
BLOCKS = [
    (section.partition("\n")[0], block)
    for section in PAGE.split("\n## ")[1:]
    for block in re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
]
INSTALLS = {
    f"{heading} with {'uv' if block.startswith('uv') else 'pip'}": block
    for heading, block in BLOCKS
    if "install" in block
}

pytestmark = pytest.mark.skipif(not UV.exists(), reason="there is no uv from `make setup`")


def run(command: str, folder: Path) -> str:
    """What a block prints, in a folder with nobody's settings; tools that it installs are the folder's."""
    env = {
        name: text for name, text in os.environ.items() if not name.startswith(("PERSONA_", "VIRTUAL_ENV"))
    }
    ours = [folder / "tools", UV.parent, Path(sys.executable).parent]
    env |= {
        "PATH": os.pathsep.join([*map(str, ours), env["PATH"]]),
        "UV_TOOL_BIN_DIR": str(folder / "tools"),
        "UV_TOOL_DIR": str(folder / "environments"),
        "UV_PYTHON": sys.executable,
        "PIP_NO_COMPILE": "1",  # compiling litellm takes longer than all else
        "PERSONA_CONFIG_DIR": str(folder / "no-config"),
    }
    done = subprocess.run(  # noqa: S602 - the page's own commands
        f"set -e\n{command}",
        shell=True,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    """The wheels of this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [UV, "build", "--quiet", "--all-packages", "--wheel", "--no-sources", "--out-dir", folder]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def index(wheels, tmp_path_factory) -> Iterator[str]:
    """An index of one's own, on this machine, that has nothing but them."""
    folder = tmp_path_factory.mktemp("index")
    for wheel in wheels.glob("*.whl"):
        place = folder / "simple" / wheel.name.partition("-")[0].replace("_", "-")
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, place)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Lists folders, as an index does, and logs nothing."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> str:
    """The address of a repository with the packages."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    folder = tmp_path_factory.mktemp("git") / "persona"
    shutil.copytree(ROOT / "packages", folder / "packages", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "--quiet"], ["add", "--all"], [*who, "commit", "--quiet", "--message", "All"]):
        subprocess.run(["git", "-C", folder, *arguments], check=True, timeout=60)
    return f"git+file://localhost{folder}"


def test_the_page_has_each_way():
    """With pip and with uv, from wheels, an index and git."""
    places = ("From a folder of wheels", "From an index of your own", "From git")
    assert list(INSTALLS) == [f"{place} with {tool}" for place in places for tool in ("pip", "uv")]


@pytest.fixture(scope="module")
def everybody_elses(tmp_path_factory) -> Path:
    """The names and versions of what our packages ask for, without ours."""
    file = tmp_path_factory.mktemp("asked") / "requirements.txt"
    command = [UV, "export", "--quiet", "--package", "persona-cli", "--no-emit-workspace", "--no-dev"]
    subprocess.run([*command, "--no-hashes", "--output-file", file], cwd=ROOT, check=True, timeout=60)
    return file


@pytest.mark.parametrize("way", INSTALLS)
def test_it_installs(way, tmp_path, wheels, index, repository, everybody_elses):
    """The command is there afterwards, with all of its parts, of this version; one way with pip begins with nothing."""
    (tmp_path / "dist").symlink_to(wheels)
    if way in {"From an index of your own with pip", "From git with pip"}:
        run(
            f"uv venv -q persona-env && uv pip install -q --python persona-env -r {everybody_elses}", tmp_path
        )
    block = INSTALLS[way].replace("https://packages.example.org/simple/", index)
    block = block.replace("git+https://git.example.org/persona.git", repository)
    run(block, tmp_path)
    persona = "persona" if block.startswith("uv") else "persona-env/bin/persona"
    said = run(f"{persona} --version", tmp_path)
    version = re.search(r"==([\w.+]+)'", PAGE)[1]
    assert {f"persona-{part} {version}" for part in PARTS} <= set(said.splitlines())


def test_without_our_wheels_nothing_is_installed(tmp_path):
    """The version is nowhere else, so that nobody else's package can come instead."""
    (tmp_path / "dist").mkdir()
    with pytest.raises(AssertionError, match=r"no version of persona-cli|persona-cli was not found"):
        run(INSTALLS["From a folder of wheels with uv"], tmp_path)


def test_no_page_leaves_open_where_from():
    """Whoever copies a command that installs one of ours gets ours: it names a folder, an index or a repository."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    pages += [each for folder in ("docs", "packages") for each in (ROOT / folder).rglob("*.md")]
    pages += (ROOT / "docs").rglob("Containerfile")
    commands = [
        line
        for page in pages
        for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        if re.search(r"\b(?:pip|tool|uv) (?:install|add)\b.*\bpersona(?!-env)\b", line)
    ]
    assert len(commands) > 10
    for command in commands:
        assert re.search(r"--find-links|index|git\+", command), command
