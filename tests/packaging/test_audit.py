"""What `make audit` says where nothing is known against a package, where something is, and where nobody answers."""

import http.server
import json
import shutil
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KNOWN = {
    "id": "GHSA-0000-0000-0001",
    "summary": "An invented fault.",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "click", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}
pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or not (ROOT / ".boot").is_dir(), reason="there is no bash, or no make setup"
)


@contextmanager
def data(known):
    """A server on this machine that knows faults of packages by their name."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = known.get(asked["package"]["name"])
            body = json.dumps({"vulns": [found]} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            """Nothing: the tests look at the answers."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audited(address):
    """What the script prints, and how it ends, with the data at an address."""
    command = ["bash", "tests/packaging/audit.sh", "--osv-url", address]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_nothing_known_is_said_with_the_number_of_packages():
    """And ends well."""
    with data({}) as address:
        done = audited(address)
    assert done.returncode == 0, done.stdout + done.stderr
    count, _, rest = done.stdout.partition(" ")
    assert int(count) > 50
    assert rest == "packages looked up: nothing is known against them.\n"


def test_a_known_fault_is_shown_and_fails():
    """With its name, and the version that mends it."""
    with data({"click": KNOWN}) as address:
        done = audited(address)
    assert done.returncode == 1, done.stdout + done.stderr
    line = next(each for each in done.stdout.splitlines() if each.startswith("click"))
    assert line.split()[2:] == ["GHSA-0000-0000-0001", "99.0"]


def test_data_out_of_reach_is_not_taken_for_nothing_known():
    """It says that nothing was audited."""
    done = audited("http://127.0.0.1:9/v1/query")
    assert done.returncode == 0
    assert done.stdout.startswith("NOT AUDITED: ")
