"""The README's commands set everything up by themselves, for somebody who has nothing but Python and make."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    shutil.which("make") is None or shutil.which("git") is None, reason="there is no make, or no git"
)
def test_the_demo_needs_nothing_before_it(tmp_path):
    """In a copy of what git keeps, with an empty home and no variable but the path, every quote is found."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "packages", "docs/examples", "pyproject.toml", "Makefile"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    clone, home = tmp_path / "clone", tmp_path / "home"
    home.mkdir()
    for name in filter(None, listed.split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, clone / name)
    env = {"HOME": str(home), "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["make", "demo"], cwd=clone, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "    57  word for word\n" in done.stdout
    assert "     0  not found\n" in done.stdout
    assert {each.name for each in clone.iterdir() if each.is_dir()} == {
        "packages",
        "docs",
        ".boot",
        ".venv",
        "demo-run",
    }
