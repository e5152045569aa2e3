"""Examples on pages of reference and explanation are true: read, run, and found to do what is said."""

from __future__ import annotations

import re
import shlex
import shutil

from docs.reference import ROOT

from persona_cli.settings import resolve
from persona_core.loading import SUFFIXES
from persona_core.quality import read_configuration

DOCS = ROOT / "docs"


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a language on a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_example_of_settings_is_read(tmp_path):
    """Its persona.toml sets what it names."""
    [text] = blocks("reference/settings.md", "toml")
    (tmp_path / "persona.toml").write_text(text, encoding="utf-8")
    found = {each.setting.name: each.value for each in resolve({}, tmp_path, tmp_path) if not each.is_default}
    assert found == {"model": "openai/gpt-5-mini", "count": 4, "interviewer": ("Researcher", "AB")}


def test_the_example_of_weights_is_read():
    """Its configuration leaves realism out."""
    [text] = blocks("reference/dimensions.md", "yaml")
    config = read_configuration(text)
    assert config.weights["realism"] == 0
    assert config.minimums["demographics"] == 0


def test_files_of_another_tool_are_measured(installed, tmp_path):
    """The commands for those who come from one work on the example that another tool could have written."""
    shutil.copytree(DOCS / "examples" / "study", tmp_path / "interviews")
    shutil.copy(DOCS / "examples" / "another-tool.json", tmp_path / "their-personas.json")
    commands = [line for line in blocks("reference/coming-from.md", "")[0].splitlines() if line]
    assert len(commands) == 2
    for command in commands:
        done = installed(*shlex.split(command)[1:])
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_the_kinds_of_files_are_listed():
    """All that can be read stand on the page, in their order."""
    page = (DOCS / "reference" / "file-formats.md").read_text(encoding="utf-8")
    assert f"`{' '.join(SUFFIXES)}`" in page


def test_every_make_target_is_explained():
    """What the Makefile offers stands in the page for those who contribute, and nothing else does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):.*##", makefile, re.MULTILINE))
    named = {word for said in re.findall(r"`?make ([a-z ]+)", page) for word in said.split("`")[0].split()}
    assert targets - {"help"} <= named
    assert {each for said in re.findall(r"`make ([a-z ]+)`", page) for each in said.split()} <= targets
