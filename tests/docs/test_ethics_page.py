"""Every question of an ethics board's page is answered by something that runs, and the tests that it names are there."""

import re

from docs.pages import DOCS, ROOT

PAGE = DOCS / "explanation" / "ethics.md"
QUESTION = re.compile(r"^### (\d+)\. (.*\?)$", re.MULTILINE)


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
