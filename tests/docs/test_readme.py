"""What the pages show is what happens. Run as a script, this pastes anew what its commands print."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = {README: 6, ROOT / "docs" / "how-to" / "release-a-script.md": 7}
"""Pages whose commands are run, and how many each has."""
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def console(page: str) -> list[tuple[str, str]]:
    """The commands of a page, each with the output that the page shows."""
    found = []
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command, shown))
    return found


def said(command: str, folder: Path) -> str:
    """What a command of the page prints on stdout, run beside the examples."""
    if not (folder / "docs").exists():
        shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PERSONA_")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run(  # noqa: S602 - the README's own commands
        command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip("\n")


@pytest.mark.skipif(shutil.which("grep") is None, reason="there is no grep")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_runs(page, tmp_path):
    """Every console block of a page gives, on stdout, what stands below it."""
    commands = console(page.read_text(encoding="utf-8"))
    assert len(commands) == PAGES[page]
    for command, shown in commands:
        assert said(command, tmp_path) == shown.strip("\n"), command


def test_the_readme_names_targets_that_exist():
    """The make targets of the README are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = README.read_text(encoding="utf-8")
    targets = re.findall(r"(?:^|`)make (\w+)", page, re.MULTILINE)
    assert {"demo", "test", "build"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def paste(path: Path) -> None:
    """Put what a page's commands print in the place of what it shows."""
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        for command, shown in console(page):
            found = said(command, Path(name))
            apart = shown[len(shown.rstrip("\n")) + 1 :]
            below = f"{found}\n" if found else ""
            page = page.replace(f"$ {command}\n{shown}", f"$ {command}\n{below}{apart}")
    path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    for each in PAGES:
        paste(each)
