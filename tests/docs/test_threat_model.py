"""The threat model names, beside each line, a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "threat-model.md"
HOSTILE = ("corpus", "template", "receiver", "holder of a key", "model", "reads what leaves")


def named_in(line: str) -> list[tuple[str, str]]:
    """The tests that a line names, file and function."""
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", line)


def cannots(page: str) -> list[str]:
    """What somebody cannot do, a line each: the lists behind “**cannot**”, and of what a server alone does."""
    guarded = page.partition("## Who may do what")[2].partition("## Not guarded")[0]
    return [line for line in guarded.splitlines() if line.startswith("- ")]


def test_every_line_is_held():
    """Each line ends with one test or more, all of which are there."""
    lines = cannots(PAGE.read_text(encoding="utf-8"))
    assert len(lines) >= 40
    for line in lines:
        named = named_in(line)
        assert named, line
        for file, test in named:
            code = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^ *(?:async )?def {test}\(", code, re.MULTILINE), (file, test)


def test_everybody_hostile_has_a_section():
    """Each of those who may be hostile, with what they cannot do and what they can."""
    page = PAGE.read_text(encoding="utf-8")
    sections = re.split(r"^## ", page, flags=re.MULTILINE)
    for who in HOSTILE:
        section = next(each for each in sections[1:] if who in each.partition("\n")[0])
        assert "**cannot**" in section, who
        assert len(named_in(section)) >= 3, who


def test_what_to_do_with_a_fault_is_said():
    """The page on security says how to report, which versions are mended, and leads to the threat model."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert {"## Report a fault", "## Which versions", "## What counts"} <= set(page.splitlines())
    assert "docs/explanation/threat-model.md" in page
