"""Large questions of one key: they hold up nobody else, and end when nobody waits for them."""

import threading
import time

import httpx
import psutil
import pytest
from serving import Serving

LARGE = "\n".join(
    f"P{i % 50:02d}: I want the thing number {i} to stand close to shelf {i * 7} and never be lost."
    for i in range(40_000)
)
SMALL = {"text": "Hello.", "sources": [{"name": "a.txt", "content": "P01: I take the tram every morning."}]}


@pytest.fixture
def server(tmp_path):
    """A server with two keys; traced, Python 3.11 stands still where a thread is ended that waits for another."""
    settings = {"PERSONA_API_AUTH_TOKEN": "the-operators-own-key", "PERSONA_GRACEFUL": "2"}
    with Serving(tmp_path, **settings, COVERAGE_PROCESS_CONFIG="") as serving:
        yield serving


def ask_and_hang_up(server, times):
    """Ask for large audits with one key, and wait a second for each, side by side."""

    def one():
        with server.client("the-operators-own-key") as client, pytest.raises(httpx.ReadTimeout):
            client.post(
                "audit",
                json={"text": LARGE[:200_000], "sources": [{"name": "b.txt", "content": LARGE}]},
                timeout=httpx.Timeout(20, read=1),
            )

    threads = [threading.Thread(target=one) for _ in range(times)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def busy(server):
    """Processor seconds of the server in a second."""
    process = psutil.Process(server.pid)
    before = sum(process.cpu_times()[:2])
    time.sleep(1)
    return sum(process.cpu_times()[:2]) - before


def test_what_nobody_waits_for_is_ended(server):
    """Eight audits of a minute each, given up after a second: the next question is answered, and the server is idle."""
    ask_and_hang_up(server, 8)
    begun = time.monotonic()
    with server.client("the-operators-own-key") as client:
        assert client.post("audit", json=SMALL).status_code == 200
    assert time.monotonic() - begun < 15
    until = time.monotonic() + 15
    while (spent := busy(server)) > 0.5 and time.monotonic() < until:
        pass
    assert spent <= 0.5
    assert "fault" not in server.log


def test_a_server_that_ends_does_not_wait_for_them(server):
    """Asked to stop in the middle of an audit, it is gone soon after its grace."""
    ending = threading.Thread(target=lambda: stop_soon(server, codes))
    codes = []
    with server.client("the-operators-own-key") as client:
        ending.start()
        try:
            answer = client.post(
                "audit", json={"text": LARGE[:200_000], "sources": [{"name": "b.txt", "content": LARGE}]}
            )
            assert answer.status_code in {200, 500, 503}
        except httpx.HTTPError:
            pass
    ending.join()
    assert codes[0][0] == 0
    assert codes[0][1] < 12


def stop_soon(server, codes):
    """Let it begin, then ask it to end; the exit code and the seconds it took."""
    time.sleep(2)
    begun = time.monotonic()
    codes.append((server.stop(), time.monotonic() - begun))
