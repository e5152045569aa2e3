"""The documentation as programs: what a block prints stands below it.

A page is run from its first block to its last, in a folder that holds `docs/examples` and nothing else:

- `console`: what follows each `$` (and `>` where it goes on) in one shell; below it what that prints on standard output.
  It must end with exit code 0. A command that ends with `&` is waited for until its `--port` answers, and ends with the page.
- `python`: in one namespace; what it prints stands in the block of `text` that follows.
- Other languages, and a fence without any, are not run.

A page that speaks to http://localhost:8000 and starts no server finds one there; so it is with a receiver of webhooks at
https://example.org/hook and a language model at http://localhost:11434/v1.

    python tests/docs/pages.py [PAGE…]

pastes anew what the blocks of pages print, of all of them where none is named.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from loopback import Loopback
from loopback.synthesis import truthful
from serving import Serving, until
from serving.receiver import receiving

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(each for each in DOCS.rglob("*.md") if "study" not in each.parts))
PRIVATE = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}
"""Settings with which a server sends to a receiver on this machine."""
_PLACE = "/home/you/study"
"""Where a page is run, as pages call it."""
_BLOCK = re.compile(
    r"^```(?P<kind>console|python)\n(?P<body>.*?)^```$(?P<below>\n\n^```text\n(?P<shown>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
_COMMAND = re.compile(r"^\$ (?P<typed>.*\n(?:>(?: .*)?\n)*)(?P<shown>(?:(?!\$ ).*\n)*)", re.MULTILINE)
_PATIENCE = 120.0


def blocks(page: str, kind: str) -> list[str]:
    """What stands in the blocks of a kind."""
    return [each["body"] for each in _BLOCK.finditer(page) if each["kind"] == kind]


def commands(page: str) -> list[str]:
    """What a page tells its reader to type."""
    return [
        _unprompted(each["typed"]) for block in blocks(page, "console") for each in _COMMAND.finditer(block)
    ]


def as_it_runs(path: Path, folder: Path) -> str:
    """Run a page in a new folder and give it with what its blocks print."""
    page = path.read_text(encoding="utf-8")
    given = delivered(folder.parent / "delivered") if path.name == "receive-webhooks.md" else {}
    shutil.copytree(DOCS / "examples", folder / "docs" / "examples")
    with _surroundings(page, folder) as swaps, _Shell(folder) as shell, contextlib.chdir(folder):
        python = _Python(given)

        def pasted(block: re.Match[str]) -> str:
            if block["kind"] == "console":
                body = _COMMAND.sub(lambda each: _typed(each, shell, swaps), block["body"])
                return f"```console\n{body}```{block['below'] or ''}"
            body = block["body"]
            said = _back(python.run(_there(body, swaps)), swaps)
            return f"```python\n{body}```" + (f"\n\n```text\n{said}```" if said or block["below"] else "")

        ran = _BLOCK.sub(pasted, page)
        python.forget()
        return ran


def _unprompted(typed: str) -> str:
    """What is typed, without the prompts of the lines in which it goes on."""
    return re.sub("\n> ?", "\n", typed).strip()


def _typed(command: re.Match[str], shell: _Shell, swaps: Mapping[str, str]) -> str:
    """A command with what it prints, and as many empty lines below as there were."""
    typed, shown = command["typed"], command["shown"]
    said = _back(shell.run(_there(_unprompted(typed), swaps)), swaps)
    apart = shown[len(shown.rstrip("\n")) + 1 :] if shown.strip() else shown
    return f"$ {typed}{said}{chr(10) if said else ''}{apart}"


def _there(text: str, swaps: Mapping[str, str]) -> str:
    for shown, real in swaps.items():
        text = text.replace(shown, real)
    return text


def _back(text: str, swaps: Mapping[str, str]) -> str:
    for shown, real in swaps.items():
        text = text.replace(real, shown)
    return text


def delivered(folder: Path) -> dict[str, Any]:
    """A delivery as it came to a receiver, and what it was signed with."""
    with receiving() as receiver, Serving(folder, **PRIVATE) as server:
        with server.client() as client:
            hook = {"url": f"{receiver.url}/ok", "events": ["generation.completed"]}
            made = client.post("webhooks", json=hook).json()
        server.post_job()
        one = receiver.wait("/ok", 1)[0]
    secrets = {name: made[name] for name in ("secret", "signing_secret")}
    return {**secrets, "body": one.body, "headers": one.headers, "event": json.loads(one.body)}


@contextlib.contextmanager
def _surroundings(page: str, folder: Path) -> Iterator[dict[str, str]]:
    """Start what a page speaks to; gives what stands for the page's own addresses."""
    typed = commands(page)
    serves = any(each.startswith("persona serve") and each.endswith("&") for each in typed)
    text = "\n".join((*typed, *blocks(page, "python")))
    swaps = {_PLACE: str(folder.resolve())}
    with contextlib.ExitStack() as stack:
        if "https://example.org/hook" in text:
            swaps["https://example.org/hook"] = f"{stack.enter_context(receiving()).url}/ok"
        if "http://localhost:11434/v1" in text:
            model = stack.enter_context(Loopback(answer=truthful))
            swaps["http://localhost:11434/v1"] = model.url.replace("//127.0.0.1:", "//localhost:")
        if "http://localhost:8000" in text and not serves:
            server = stack.enter_context(Serving(folder.parent / f"{folder.name}-server", **PRIVATE))
            swaps["http://localhost:8000"] = server.url
        for port in ("8000", "9000"):
            real = str(_free_port())
            swaps |= {f":{port}": f":{real}", f"--port {port}": f"--port {real}"}
        yield swaps


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class _Python:
    """Runs blocks in one module, and gives what they print."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._module = types.ModuleType("page")
        self._module.__dict__.update(given)

    def forget(self) -> None:
        """Let go of what the page made, so that what it left open is noticed here."""
        self._module.__dict__.clear()
        gc.collect()

    def run(self, code: str) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "page", "exec", dont_inherit=True), self._module.__dict__)  # noqa: S102 - the page's own
        return printed.getvalue()


class _Shell:
    """A shell with nobody's settings in force, in which variables last from one command to the next."""

    _END = "that was it:"

    def __init__(self, folder: Path) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PERSONA_", "XDG_"))}
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        env["LC_ALL"] = "C.UTF-8"
        env["HOME"] = str(folder.parent / f"{folder.name}-home")
        self._errors = folder.parent / f"{folder.name}-errors"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                ["bash", "--norc"],
                cwd=folder,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                encoding="utf-8",
            )

    def __enter__(self) -> _Shell:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._end(signal.SIGTERM)
        with self._process:
            pass

    def run(self, command: str) -> str:
        """What a command prints on standard output, without empty lines around it."""
        assert self._process.stdin
        self._process.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '\\n{self._END} %s\\n' $?\n")
        self._process.stdin.flush()
        too_long = threading.Timer(_PATIENCE, self._end, [signal.SIGKILL])
        too_long.start()
        said = list(self._until_the_end())
        too_long.cancel()
        ended = said.pop().removeprefix(self._END).strip()
        assert ended == "0", f"{command} ended with {ended}:\n{self._errors.read_text(encoding='utf-8')}"
        if command.endswith("&") and (port := re.search(r"--port (\d+)", command)):
            until(lambda: _answers(int(port[1])), patience=30)
        return "".join(said).strip("\n")

    def _until_the_end(self) -> Iterator[str]:
        assert self._process.stdout
        for line in self._process.stdout:
            yield line
            if line.startswith(self._END):
                return
        yield "the shell's end, after too long"

    def _end(self, how: signal.Signals) -> None:
        """End the shell and what it started: they are a group of their own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)


def _answers(port: int) -> bool:
    with socket.socket() as talk:
        return talk.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            ran = as_it_runs(each, Path(name) / "page")
        each.write_text(ran, encoding="utf-8")
