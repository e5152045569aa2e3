"""The server for tests does what it says."""

import json
import urllib.request

import pytest

from loopback import Loopback


def test_it_counts_and_keeps_what_arrives() -> None:
    """Every byte of a request is kept, and the statistics count it."""
    with Loopback(answer=lambda request: request.text[::-1]) as server:
        body = json.dumps({"messages": [{"role": "user", "content": "abc"}]}).encode()
        asked = urllib.request.Request(f"{server.url}/chat/completions", body)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310
            text = json.load(answer)["choices"][0]["message"]["content"]
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/stats", timeout=5) as answer:
            counts = json.load(answer)
    assert text == "cba"
    assert server.requests[0].raw.endswith(body)
    assert counts == {"requests": 1, "in_flight": 0, "most_in_flight": 1}


def test_what_the_answering_raises_reaches_the_test() -> None:
    """A fault in a test's own function is not taken for the model's."""
    server = Loopback(answer=lambda _request: str(1 / 0))
    server.__enter__()
    with pytest.raises(OSError, match="closed"):
        urllib.request.urlopen(f"{server.url}/chat/completions", b"{}", timeout=5)  # noqa: S310
    with pytest.raises(ZeroDivisionError):
        server.__exit__(None)
