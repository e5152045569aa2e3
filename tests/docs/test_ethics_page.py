"""What the page of an ethics board's questions shows is what happens, and the tests that it names are there.

Run as a script, this pastes anew what its commands print.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.pages import run
from docs.test_readme import console, said
from serving import Serving

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "ethics.md"
PLACE = "/home/you/study"
"""Where the page's commands are run, as the page calls it."""
QUESTION = re.compile(r"^### (\d+)\. (.*\?)$", re.MULTILINE)


def as_it_runs(folder: Path) -> str:
    """The page with what its commands and blocks print."""
    page = PAGE.read_text(encoding="utf-8")
    for command, shown in console(page):
        found = said(command, folder).replace(str(folder.resolve()), PLACE)
        apart = shown[len(shown.rstrip("\n")) + 1 :]
        below = f"{found}\n" if found else ""
        page = page.replace(f"$ {command}\n{shown}", f"$ {command}\n{below}{apart}", 1)
    before = Path.cwd()
    os.chdir(folder)
    try:
        with Serving(folder / "server") as server:
            return run(page, {"http://localhost:8000": server.url})
    finally:
        os.chdir(before)


def test_the_page_runs(tmp_path):
    """Every answer is what its command prints."""
    assert as_it_runs(tmp_path) == PAGE.read_text(encoding="utf-8")


def test_every_question_is_answered_and_held():
    """Fifteen questions or more; each has something that runs and tests that exist."""
    page = PAGE.read_text(encoding="utf-8")
    questions = list(QUESTION.finditer(page))
    assert [int(each[1]) for each in questions] == list(range(1, len(questions) + 1))
    assert len(questions) >= 15
    ends = [*(each.start() for each in questions[1:]), len(page)]
    for question, end in zip(questions, ends, strict=True):
        answer = page[question.end() : end]
        assert "```console\n$ " in answer or "```python\n" in answer, question[2]
        held = answer.partition("Held by: ")[2]
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", held)
        assert named, question[2]
        for file, test in named:
            code = (ROOT / file).read_text(encoding="utf-8")
            assert f"def {test}(" in code if test else "def test_" in code, (file, test)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        PAGE.write_text(as_it_runs(Path(name)), encoding="utf-8")
