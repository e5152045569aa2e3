"""The rooms that the page on architecture draws are those that the import contracts hold."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("persona_core", "persona_providers", "persona_sdk", "persona_api", "persona_cli")


def contracts() -> dict[str, list[frozenset[str]]]:
    """The layers of each container, the highest first; `packages` for those of the packages themselves."""
    read = ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    sections = [read[each] for each in read.sections() if each.startswith("importlinter:contract:")]
    return {
        each.get("containers", "packages"): [_layer(line) for line in each["layers"].split("\n") if line]
        for each in sections
    }


def _layer(line: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", line))


def drawn(package: str) -> list[frozenset[str]]:
    """The layers that the page draws for a package; a line that begins with a space goes on saying what they are."""
    block = PAGE.partition(f"### {package}\n\n```text\n")[2].partition("```")[0]
    lines = [line for line in block.splitlines() if line and not line.startswith(" ")]
    return [_layer(re.split(r"\s{2,}", line)[0]) for line in lines]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_rooms_are_those_of_the_contract(package):
    """Layer by layer, in the same order."""
    assert drawn(package) == contracts()[package]
    assert len(drawn(package)) > 3


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_has_a_room(package):
    """Nothing lies in a package that the page does not draw."""
    folder = next((ROOT / "packages").glob(f"*/src/{package}"))
    there = {
        each.stem for each in folder.iterdir() if each.suffix == ".py" or (each / "__init__.py").is_file()
    }
    assert there - {"__init__"} == set().union(*drawn(package))


def test_the_packages_are_drawn_as_they_may_know_each_other():
    """Those that stand in one column are one layer of the contract, from left to right."""
    block = PAGE.partition("## The packages\n\n```text\n")[2].partition("```")[0]
    columns: dict[int, set[str]] = {}
    for line in block.splitlines():
        for found in re.finditer(r"persona-(\w+)", line):
            columns.setdefault(found.start(), set()).add(f"persona_{found[1]}")
    assert [columns[each] for each in sorted(columns)] == contracts()["packages"]


def test_the_packages_ask_for_what_the_arrows_say():
    """The server and the client do not ask for each other, and core asks for none of ours."""
    assert asked("cli") == {"sdk", "core"}
    assert asked("api") == asked("sdk") == {"providers", "core"}
    assert asked("providers") == {"core"}
    assert asked("core") == set()


def asked(package: str) -> set[str]:
    """The packages that one asks for, without its extras."""
    manifest = (ROOT / "packages" / f"persona-{package}" / "pyproject.toml").read_text(encoding="utf-8")
    wanted = tomllib.loads(manifest)["project"]["dependencies"]
    return {found[1] for each in wanted if (found := re.match(r"persona-(\w+)", each))}
