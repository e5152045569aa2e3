"""The reference says what the code says, and leaves nothing out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from docs.reference import BLOCKS, ROOT, marked, names_in, written
from docs.reference.commands import options, walked
from docs.reference.errors import all_errors

from persona_api.operations import OPERATIONS
from persona_api.operations.operation import PREFIX
from persona_api.settings import VARIABLES
from persona_cli.commands.schema import SCHEMAS
from persona_cli.main import COMMANDS
from persona_cli.settings import SETTINGS
from persona_core import models
from persona_core.errors import SignatureReason
from persona_core.models.events import EventType
from persona_core.models.noun import Noun
from persona_core.models.script import ScriptFormat
from persona_core.models.webhook import event_types
from persona_core.quality import DIMENSIONS

REFERENCE = ROOT / "docs" / "reference"
PAGES = marked()


def page(name: str) -> str:
    """A page of the reference."""
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_is_what_the_code_says(path):
    """`make reference` would change nothing."""
    assert PAGES[path] == written(PAGES[path])


def test_nothing_that_the_code_says_is_on_no_page():
    """Each block stands somewhere."""
    assert {name for text in PAGES.values() for name in names_in(text)} == set(BLOCKS)


def test_every_command_and_option_is_there():
    """Each command has a section, and each of its options stands in it."""
    sections = re.split(r"^## ", page("command-line"), flags=re.MULTILINE)
    assert {name.split()[1] for name, _ in walked()} == set(COMMANDS)
    for name, command in walked():
        section = next(each for each in sections if each.startswith(f"{name}\n"))
        for option in options(command):
            for flag in option.opts:
                assert re.search(rf"`(?:.*, )?{flag}\b", section), (name, flag)


def test_every_setting_is_there():
    """Each variable and each key of persona.toml, with the variables that the client reads."""
    text = page("settings")
    for each in SETTINGS:
        assert f"`{each.name}`" in text
        assert f"`{each.variable}`" in text
    for name in VARIABLES:
        assert f"`{name}`" in text
    read = re.compile(r'"(PERSONA_[A-Z_]+)"')
    for file in sorted((ROOT / "packages").glob("*/src/**/*.py")):
        for name in read.findall(file.read_text(encoding="utf-8")):
            assert f"`{name}`" in text, (name, file.name)


def test_every_error_is_there():
    """Each class that the packages define, and each reason of a signature's."""
    text = page("errors")
    for kind in all_errors():
        assert f"`{kind.__name__}`" in text
    for reason in get_args(SignatureReason):
        assert f"`{reason}`" in text


def test_every_status_that_the_server_answers_is_there():
    """Each status that stands in its code has a row."""
    sources = (ROOT / "packages" / "persona-api" / "src").rglob("*.py")
    answered = {
        each for file in sources for each in re.findall(r"ProblemError\((\d{3})", file.read_text("utf-8"))
    }
    rows = set(re.findall(r"^\| (\d{3}) \|", page("errors"), re.MULTILINE))
    assert answered
    assert answered <= rows


def test_every_event_is_there():
    """Each has a section with an example to a webhook, and in a stream where streams have it."""
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", page("events"), re.MULTILINE | re.DOTALL))
    assert set(sections) == set(event_types())
    for name, section in sections.items():
        assert section.count("```json") == 1 + (name in get_args(EventType))


def test_every_dimension_is_there():
    """Each has a section with the version that scorecards say."""
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page("dimensions"), re.MULTILINE | re.DOTALL))
    for name, each in DIMENSIONS.items():
        assert f"Version {each.version};" in sections[name.capitalize()]


def test_every_route_is_there():
    """Each operation has a section."""
    text = page("http")
    for each in OPERATIONS:
        assert f"### {each.method} {PREFIX}{each.path}\n" in text


def test_every_noun_has_its_keys_on_a_page():
    """What is public, written or sent is described in one of two pages."""
    text = page("file-formats") + page("http")
    listed = [getattr(models, name) for name in models.__all__]
    nouns = [each for each in listed if isinstance(each, type) and issubclass(each, Noun)]
    in_memory = {"Source", "Column", "Speaker", "SynthesisOptions"}
    for noun in nouns:
        if noun.__name__ not in in_memory:
            assert f"### {noun.__name__}\n" in text, noun.__name__


VOCABULARY = (
    "Attempt Claim Corpus Delivery Dimension Evidence Finding Job Leakage Locator Participant Persona Provider Quote "
    "Release Score Scorecard Script Segment Source Synthesiser Tier"
).split()


def test_the_glossary_has_every_word_once():
    """The words that the product uses, in the order of the alphabet, and none of them also as another's “not”."""
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]*?) ?\|$", page("glossary"), re.MULTILINE)[2:]
    words = [word for word, _, _ in rows]
    assert words == sorted(set(words), key=str.casefold)
    assert set(VOCABULARY) <= set(words)
    avoided = {each.strip() for _, _, said in rows for each in said.split(",") if each.strip()}
    assert avoided.isdisjoint({word.lower() for word in words} - {"report", "prompt", "reference"})


def test_every_schema_is_there():
    """What `persona schema` prints is named on the page of file formats."""
    for name in SCHEMAS:
        assert f"`{name}`" in page("file-formats")


def test_every_form_of_a_script_is_there():
    """Each can be asked for."""
    for each in ScriptFormat:
        assert f"`{each}`" in page("command-line")


def test_links_between_pages_lead_somewhere():
    """Each link of a page to another, or to a heading, is to one that exists."""
    for path in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            name, _, heading = target.partition("#")
            found = (path.parent / name).resolve() if name else path
            assert found.exists(), (path.name, target)
            if heading:
                assert heading in anchors(found), (path.name, target)


def anchors(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_commands_that_pages_name_exist():
    """Each `persona …` in the documentation is a command, with options that it has."""
    known = dict(walked())
    for path in [
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("*.md"),
        *(ROOT / "packages").glob("*/README.md"),
    ]:
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?<!`)`(persona [a-z][^`\n]*)`|^\$ (persona [^|\n]*)", text, re.MULTILINE):
            _check("".join(line), known, path.name)


def _check(line: str, known: dict[str, object], where: str) -> None:
    words = line.split()
    name = next((" ".join(words[:n]) for n in (3, 2) if " ".join(words[:n]) in known), None)
    if name is None:
        assert words[1] in COMMANDS or words[1].isupper() or not words[1].isalpha(), (where, line)
        return
    has = {flag for option in options(known[name]) for flag in option.opts} | {"--help", "-h"}  # type: ignore[arg-type]
    for word in words[2:]:
        flag = re.match(r"--[a-z][a-z-]*", word)
        if flag:
            assert flag[0] in has, (where, line, flag[0])
