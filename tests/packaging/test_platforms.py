"""The sources use nothing that only one system has, but behind a look at which one it is."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(ROOT.glob("packages/*/src/**/*.py"))
UNIX = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "syslog"}
"""Modules that Windows has not."""
ONLY = {
    *(f"os.{each}" for each in ("fork", "forkpty", "getuid", "geteuid", "getpgid", "killpg", "kill", "mkfifo")),
    *(f"os.{each}" for each in ("fchmod", "chown", "fchown", "pread", "pwrite", "uname", "setsid", "nice", "getloadavg")),
    *(f"os.O_{each}" for each in ("DIRECTORY", "NOFOLLOW", "CLOEXEC", "SYNC", "DSYNC", "BINARY")),
    *(f"signal.SIG{each}" for each in ("KILL", "HUP", "USR1", "USR2", "ALRM", "PIPE", "CHLD", "QUIT", "STOP", "CONT")),
    *(f"signal.{each}" for each in ("alarm", "setitimer", "pause", "pthread_kill")),
    *(f"socket.{each}" for each in ("AF_UNIX", "SO_REUSEPORT")),
    "time.tzset",
}  # fmt: skip
"""What one of them has not."""
PLACES = re.compile(r"(?:/(?:tmp|dev|proc|etc|var|usr|home)(?:[/\\]|$)|[A-Z]:\\|~[/\\])")
KNOWN = {
    ("persona_api/store/sqlite.py", "os.open without O_BINARY"),
    ("persona_api/store/locking.py", "os.open without O_BINARY"),
}
"""What is used all the same: the page on platforms says what that means. An opened file that is only locked is none."""


def guarded(parents: list[ast.AST]) -> bool:
    """Whether something stands in a branch, or behind a return, that looks at the system."""
    for above, below in itertools.pairwise(parents):
        if isinstance(above, ast.If | ast.IfExp) and _asks(above.test):
            return True
        body = getattr(above, "body", None)
        if isinstance(body, list) and below in body:
            before = body[: body.index(below)]
            if any(isinstance(each, ast.If) and _asks(each.test) and _leaves(each) for each in before):
                return True
    return False


def _asks(test: ast.AST) -> bool:
    return bool(
        {"sys.platform", "os.name"}
        & {ast.unparse(each) for each in ast.walk(test) if isinstance(each, ast.Attribute)}
    )


def _leaves(branch: ast.If) -> bool:
    return isinstance(branch.body[-1], ast.Return | ast.Raise)


def walked(node: ast.AST, parents: list[ast.AST]) -> Iterator[tuple[ast.AST, list[ast.AST]]]:
    """Each node with those above it, itself last."""
    here = [*parents, node]
    yield node, here
    for each in ast.iter_child_nodes(node):
        yield from walked(each, here)


def unguarded(code: str) -> list[str]:
    """What a module uses that not every system has."""
    found = []
    for node, parents in walked(ast.parse(code), []):
        used = _used(node)
        if used and not guarded(parents):
            found.append(used)
    return found


def _used(node: ast.AST) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        return f"import {module}" if (module or "").partition(".")[0] in UNIX else ""
    if isinstance(node, ast.Attribute) and ast.unparse(node) in ONLY:
        return ast.unparse(node)
    if isinstance(node, ast.Call):
        return _opened(node)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and PLACES.match(node.value):
        return f"the place {node.value[:20]}"
    return ""


def _opened(call: ast.Call) -> str:
    """What an opened file leaves to the system: the encoding of text, the line ends of bytes."""
    name = ast.unparse(call.func)
    said = {each.arg for each in call.keywords}
    if name == "os.open":
        writes = len(call.args) > 1 and "O_RDWR" in ast.unparse(call.args[1])
        return "os.open without O_BINARY" if writes and "_AS_IT_IS" not in ast.unparse(call.args[1]) else ""
    own = name.rpartition(".")[2]
    if own in {"read_text", "write_text"} and "(" not in name.rpartition(".")[0].replace("Path(", ""):
        texts = [each for each in call.args if not isinstance(each, ast.Starred)]
        given = "encoding" in said or len(texts) == (1 if own == "read_text" else 2)
        return "" if given or name in {"read_text"} else f"{own} without an encoding"
    if name == "open" or (own in {"open", "fdopen"} and _mode(call)):
        return "" if "encoding" in said or "b" in _mode(call) else "open without an encoding"
    return ""


def _mode(call: ast.Call) -> str:
    modes = [
        each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return next((each for each in modes if re.fullmatch(r"[rwaxbt+]{1,3}", each)), "")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
def test_nothing_assumes_one_system(module):
    """Each module asks which system it is on, or uses what all of them have."""
    name = module.relative_to(module.parents[[each.name for each in module.parents].index("src")]).as_posix()
    known = {used for where, used in KNOWN if where == name}
    assert set(unguarded(module.read_text(encoding="utf-8"))) == known


@pytest.mark.parametrize(
    "code",
    [
        "import fcntl",
        "from resource import getrlimit",
        "import os\nos.fork()",
        "import signal\nsignal.signal(signal.SIGHUP, f)",
        "Path('x').read_text()",
        "file.write_text(words)",
        "open('x')",
        "path.open('w')",
        "os.open(path, os.O_RDWR)",
        "x = '/tmp/x'",
        "if sys.platform == 'win32':\n    pass\nimport fcntl",
    ],
)
def test_the_look_sees(code):
    """Each of these is found."""
    assert unguarded(code)


@pytest.mark.parametrize(
    "code",
    [
        "if sys.platform != 'win32':\n    import fcntl",
        "def f():\n    if sys.platform == 'win32':\n        return\n    os.fork()",
        "file.read_text(encoding='utf-8')",
        "path.open('rb')",
        "os.open(path, os.O_RDONLY)",
    ],
)
def test_the_look_lets_pass(code):
    """None of these is."""
    assert not unguarded(code)


def test_the_page_says_what_was_not_tried():
    """The page names each system, and what is known not to work."""
    page = (ROOT / "docs" / "reference" / "platforms.md").read_text(encoding="utf-8")
    assert {"Linux", "macOS", "Windows"} <= set(re.findall(r"\w+", page))
