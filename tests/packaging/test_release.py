"""A release is looked over and described, and made by people."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERSION = "0.1.0+persona"
OLD, NEW = (f"{each}+persona" for each in ("0.0.9", "0.2.0"))


class Clone:
    """A repository of its own with the files of this one, on main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("pyproject.toml", "README.md", "packages", "docs/how-to", "tests/packaging"):
            self._copy(name)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def _copy(self, name: str) -> None:
        source, target = ROOT / name, self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("src", "__pycache__"))
        else:
            shutil.copy(source, target)

    def git(self, *arguments: str) -> str:
        who = [
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.org",
            "-c",
            "commit.gpgsign=false",
        ]
        command = ["git", "-C", str(self.folder), *who, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "As it is")

    def write(self, name: str, old: str, new: str) -> None:
        """Put something in the place of what stands in a file."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def release(self, wheels: int = 0) -> tuple[int, str]:
        """The exit code and what is said; trying the wheels ends with `wheels`."""
        script = self.folder / "tests" / "packaging" / "release.py"
        command = [sys.executable, "-B", str(script), sys.executable, "-c", f"raise SystemExit({wheels})"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture
def clone(tmp_path):
    """A clean one, ready to be released."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    return Clone(tmp_path)


def test_what_to_do_is_said_and_not_done(clone):
    """Each package gets its tag, the index is left to the reader, and the repository stays as it was."""
    before = clone.git("rev-parse", "HEAD")
    code, said = clone.release()
    assert code == 0
    for package in (
        "persona",
        "persona-api",
        "persona-cli",
        "persona-core",
        "persona-providers",
        "persona-sdk",
    ):
        assert f"git tag --annotate {package}-v0.1.0 --message '{package} 0.1.0'" in said
    assert "make test" in said
    assert ".boot/bin/uv publish --publish-url https://YOUR-INDEX/ dist/*" in said
    assert (clone.git("tag", "--list"), clone.git("rev-parse", "HEAD")) == ("", before)
    assert clone.git("status", "--porcelain") == ""


def changed_tree(clone):
    (clone.folder / "new.txt").write_text("new", encoding="utf-8")


def other_branch(clone):
    clone.git("switch", "--quiet", "--create", "fix")


def no_branch(clone):
    clone.git("switch", "--quiet", "--detach")


def other_manifest(clone):
    clone.write("packages/persona-sdk/pyproject.toml", f'version = "{VERSION}"', f'version = "{NEW}"')
    clone.commit()


def other_pin(clone):
    clone.write("packages/persona-cli/pyproject.toml", f"persona-sdk=={VERSION}", f"persona-sdk=={OLD}")
    clone.commit()


def other_page(clone):
    clone.write("README.md", f"=={VERSION}", f"=={OLD}")
    clone.commit()


def no_label(clone):
    clone.write("packages/persona-core/pyproject.toml", f'version = "{VERSION}"', 'version = "0.1.0"')
    clone.commit()


def no_changes(clone):
    clone.write("packages/persona-api/CHANGELOG.md", "## 0.1.0", "## 0.0.9")
    clone.commit()


def empty_changes(clone):
    clone.write("packages/persona-api/CHANGELOG.md", "## 0.1.0", "## 0.1.0\n\n## 0.0.9")
    clone.commit()


def tagged(clone):
    clone.git("tag", "persona-core-v0.1.0")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (changed_tree, "The tree is not clean"),
        (other_branch, "This is fix"),
        (no_branch, "This is no branch"),
        (other_manifest, f"packages/persona-sdk/pyproject.toml names {NEW}"),
        (other_pin, f"packages/persona-cli/pyproject.toml names {OLD}"),
        (other_page, f"README.md names {OLD}"),
        (no_label, "packages/persona-core has the version 0.1.0,"),
        (no_changes, "packages/persona-api/CHANGELOG.md says nothing of 0.1.0"),
        (empty_changes, "packages/persona-api/CHANGELOG.md says nothing of 0.1.0"),
        (tagged, "The tag persona-core-v0.1.0 is there already"),
    ],
)
def test_what_is_in_the_way_is_said(clone, make, says):
    """Nothing is released of it, and the one reason is named."""
    make(clone)
    code, said = clone.release()
    assert code == 1
    first, *reasons = said.splitlines()
    assert first == "Not to be released:"
    assert [says in each for each in reasons] == [True]


def test_wheels_that_do_not_stand_alone(clone):
    """They are tried last, and stop it."""
    code, said = clone.release(wheels=2)
    assert code == 1
    assert "The wheels do not stand alone" in said
