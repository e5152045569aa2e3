"""Looks whether this checkout can be released, and prints what to do; it tags and publishes nothing itself.

Run as `release.py COMMAND…`, where the command builds the wheels and tries them.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = sorted((ROOT / "packages").iterdir())
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
PUBLIC = VERSION.partition("+")[0]
TAGS = [f"{package.name}-v{PUBLIC}" for package in PACKAGES]
NAMED = re.compile(r"\b\d+\.\d+\.\d+\w*\+persona\b")


def git(*arguments: str) -> str:
    """What git prints."""
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def refusals() -> Iterator[str]:
    """Each reason not to release, as a sentence."""
    if git("status", "--porcelain"):
        yield "The tree is not clean: commit, or put away, what git status shows."
    branch = git("branch", "--show-current").strip()
    if branch != "main":
        yield f"This is {branch or 'no branch'}: releases are made of main."
    yield from _versions()
    for package in PACKAGES:
        changes = (package / "CHANGELOG.md").read_text(encoding="utf-8")
        if not re.search(rf"^## {re.escape(PUBLIC)}\b.*\n\n- ", changes, re.MULTILINE):
            yield f"packages/{package.name}/CHANGELOG.md says nothing of {PUBLIC}."
    for tag in sorted(set(git("tag", "--list").split()).intersection(TAGS)):
        yield f"The tag {tag} is there already: give the packages a new version."


def _versions() -> Iterator[str]:
    """Where another version stands: in a manifest, a pin, a page, a file to copy, a test."""
    for name in git("ls-files", "-z").split("\0"):
        if not name or name.endswith("CHANGELOG.md") or not (ROOT / name).is_file():
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        for other in sorted(set(NAMED.findall(text)) - {VERSION}):
            yield f"{name} names {other}, where pyproject.toml has {VERSION}."
    for package in PACKAGES:
        stated = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
        if not NAMED.fullmatch(stated):
            yield f"packages/{package.name} has the version {stated}, which others could have on an index, too."


def steps() -> Iterator[str]:
    """What to do, as commands to copy."""
    yield "make test"
    for package, tag in zip(PACKAGES, TAGS, strict=True):
        yield f"git tag --annotate {tag} --message '{package.name} {PUBLIC}'"
    yield f"git push origin main {' '.join(TAGS)}"
    yield ".boot/bin/uv publish --publish-url https://YOUR-INDEX/ dist/*"


def main(trying: list[str]) -> int:
    """Look, try the wheels, and say what to do; gives 1 where something is in the way."""
    reasons = list(refusals())
    if not reasons and subprocess.run(trying, cwd=ROOT, check=False).returncode:
        reasons = ["The wheels do not stand alone: see above."]
    if reasons:
        print("Not to be released:", *reasons, sep="\n  ")
        return 1
    print(
        f"{VERSION} can be released. Nothing was tagged or published; if the tests are green, go on:",
        end="\n\n",
    )
    print(*(f"  {each}" for each in steps()), sep="\n")
    print("\nThe index has to be your own: a public one takes no version with a +.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
