"""The workspace resolves to our own packages, and says nothing of where it was made."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSION = "0.1.0+persona"
MANIFESTS = sorted(ROOT.glob("packages/*/pyproject.toml"))
# The hosts of package indexes; the schema of `uv.lock` and a build log would name one.
INDEX_ADDRESS = re.compile(rb"https?://[\w.-]*\b(?:pypi|npmjs|py\w+hosted)\b", re.IGNORECASE)


def git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git checkout")
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=False, timeout=60)


def project(manifest: Path) -> dict:
    return tomllib.loads(manifest.read_text(encoding="utf-8"))["project"]


def requirements(manifest: Path) -> list[str]:
    extras = project(manifest).get("optional-dependencies", {})
    return [*project(manifest)["dependencies"], *(r for extra in extras.values() for r in extra)]


def imported(manifest: Path) -> set[str]:
    """The modules that a package's code names in its imports, wherever they stand; their first part."""
    nodes = [
        node
        for file in manifest.parent.glob("src/**/*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    ]
    plain = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
    given = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in plain | given} - sys.stdlib_module_names


def asked(name: str) -> set[str]:
    """The packages that one of ours asks for, or a sibling that it pins; extras are no matter."""
    names = {
        re.split(r"[\[=<>~; ]", each)[0].lower()
        for each in requirements(ROOT / "packages" / name / "pyproject.toml")
    }
    ours = {each for each in names if each.startswith("persona")}
    return names.union({name}, *map(asked, ours))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.parent.name)
def test_what_is_imported_is_asked_for(manifest):
    """A package asks for all that its code imports, itself or through a sibling, and lives on nothing that others bring."""
    bringing = packages_distributions()
    for module in imported(manifest):
        brought = {re.sub(r"[-_.]+", "-", each).lower() for each in bringing.get(module, [module])}
        assert brought & asked(manifest.parent.name), f"{manifest.parent.name} imports {module}"


def test_installed_siblings_are_ours():
    """No persona package in the environment came from an index: an index cannot hold our versions."""
    installed = {
        d.name: d.version for d in distributions() if re.match(r"persona([-_.]|$)", d.name, re.IGNORECASE)
    }
    assert installed == {project(m)["name"]: VERSION for m in MANIFESTS}


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.parent.name)
def test_siblings_are_pinned_exactly(manifest):
    """Every package has the one version, and asks for exactly it of its siblings."""
    assert project(manifest)["version"] == VERSION
    siblings = [r for r in requirements(manifest) if r.startswith("persona")]
    assert [r.partition("==")[2] for r in siblings] == [VERSION] * len(siblings)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m.parent.name)
def test_each_package_carries_the_licence(manifest):
    """A wheel is handed on without the checkout, so each package holds the licence’s full text."""
    assert (manifest.parent / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_no_index_address_is_kept():
    """No file that git keeps, or would keep, names a package index’s address."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split(b"\0")
    files = [ROOT / name.decode() for name in listed if name]
    assert MANIFESTS[0] in files
    assert [f for f in files if f.is_file() and INDEX_ADDRESS.search(f.read_bytes())] == []


def test_the_lock_is_ignored():
    """The lock is generated and names an index, so git ignores it."""
    assert git("check-ignore", "--quiet", "uv.lock").returncode == 0
