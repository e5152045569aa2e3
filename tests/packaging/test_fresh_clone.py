"""What README, tutorial and how-tos tell works for somebody who has nothing but the source, Python and make."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/tutorial.md"]
if os.environ.get("PERSONA_EVERY_PAGE"):
    PAGES += [each.relative_to(ROOT).as_posix() for each in sorted((ROOT / "docs/how-to").rglob("*.md"))]
pytestmark = pytest.mark.skipif(
    shutil.which("make") is None or shutil.which("git") is None, reason="there is no make, or no git"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of what git keeps."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=True
    ).stdout
    folder = tmp_path_factory.mktemp("newcomer") / "clone"
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def typed(clone):
    """Run a program there, with an empty home and no variable but the path."""
    home = clone.with_name("home")
    home.mkdir()
    env = {"HOME": str(home), "PATH": f"{clone}/.venv/bin:{sys.base_prefix}/bin:/usr/bin:/bin"}

    def run(*words, patience=300):
        return subprocess.run(
            words, cwd=clone, env=env, capture_output=True, text=True, timeout=patience, check=False
        )

    return run


@pytest.fixture(scope="module")
def demo(clone, typed):
    """The README's first command."""
    before = {each.name for each in clone.iterdir()}
    done = typed("make", "demo")
    return done, {each.name for each in clone.iterdir()} - before


def test_the_demo_needs_nothing_before_it(demo):
    """It makes the environment and personas, finds every quote, and writes nowhere else."""
    done, new = demo
    assert done.returncode == 0, done.stderr
    assert "    57  word for word\n" in done.stdout
    assert "     0  not found\n" in done.stdout
    assert new == {".boot", ".venv", "uv.lock", "demo-run"}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_needs_nothing_but_the_demo(demo, clone, typed, page):
    """Each block prints there what the page says."""
    done = typed("python", "tests/docs/pages.py", page)
    assert done.returncode == 0, done.stderr
    assert (clone / page).read_bytes() == (ROOT / page).read_bytes()
