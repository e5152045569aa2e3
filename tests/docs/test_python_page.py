"""The reference of the Python client is run, and names all there is. Run as a script, this pastes what its blocks print."""

import inspect
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.pages import run
from serving import Serving
from serving.receiver import receiving

from persona_sdk import PersonaClient

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "python.md"
PRIVATE = {"PERSONA_ALLOW_HTTP_WEBHOOKS": "yes", "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8"}


def as_it_runs(folder: Path) -> str:
    """The page with what its blocks print, run beside the examples and a server."""
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples", dirs_exist_ok=True)
    before = Path.cwd()
    os.chdir(folder)
    try:
        with receiving() as receiver, Serving(folder / "server", **PRIVATE) as server:
            swaps = {"http://localhost:8000": server.url, "https://example.org/hook": f"{receiver.url}/ok"}
            return run(PAGE.read_text(encoding="utf-8"), swaps)
    finally:
        os.chdir(before)


def test_the_page_runs(tmp_path):
    """Every block prints what stands below it."""
    assert as_it_runs(tmp_path) == PAGE.read_text(encoding="utf-8")


def test_every_method_is_on_the_page():
    """Nothing public is without an example that runs."""
    blocks = "".join(re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S))
    with PersonaClient() as client:
        for owner in (client, client.jobs, client.webhooks):
            for name, _ in inspect.getmembers(owner, callable):
                if not name.startswith("_"):
                    assert f".{name}(" in blocks, name


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(as_it_runs(Path(folder)), encoding="utf-8")
