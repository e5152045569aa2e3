"""A receiver of webhooks on loopback that answers as its paths say, and keeps what came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Receiver:
    """What came, and how it is answered.

    `/ok…` 200, `/fail…` 500, `/gone` 410, `/later` 429 with Retry-After, `/redirect`, `/flaky` 200 to every second attempt of a delivery,
    `/odd-…` with a header nobody can read, `/slow` after two seconds, `/hang…` never, `/drip` a byte a second, `/large` 100 MB, `/reset` closes without a word.
    """

    url: str
    received: list[Received] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str) -> list[Received]:
        """What came to a path."""
        return [each for each in list(self.received) if each.path == path]

    def wait(self, path: str, count: int, patience: float = 20.0) -> list[Received]:
        """What came to a path, once there is so much of it."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if len(found := self.at(path)) >= count:
                return found
            time.sleep(0.02)
        raise TimeoutError(f"{len(self.at(path))} of {count} came to {path} within {patience} seconds")


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for the length of a block."""
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            if len(body) < length:  # the sender was killed: nothing arrived
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body, time.time()))
            _answer(self, receiver)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_arguments: object) -> None:
            """A server that hangs up is no error here."""

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stopped.set()
        server.shutdown()
        server.server_close()


_HEADERS = {
    "/later": ("Retry-After", "2"),
    "/redirect": ("Location", "http://169.254.169.254/latest/meta-data"),
    "/odd-place": ("Location", "http://xn--a/"),
    "/odd-date": ("Retry-After", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"),
}


def _answer(handler: BaseHTTPRequestHandler, receiver: Receiver) -> None:
    path = handler.path
    if path.startswith("/hang"):
        receiver.stopped.wait(60)
        handler.close_connection = True
        return
    if path.startswith("/reset"):
        handler.close_connection = True
        handler.connection.close()
        return
    if path.startswith("/slow"):
        receiver.stopped.wait(2)
    status = {
        "/gone": 410,
        "/later": 429,
        "/redirect": 307,
        "/odd-place": 302,
        "/odd-date": 503,
        "/slow-gone": 410,
    }.get(path, 500 if path.startswith("/fail") else 200)
    delivery = handler.headers.get("webhook-id")
    if (
        path.startswith("/flaky")
        and sum(each.headers.get("webhook-id") == delivery for each in receiver.at(path)) % 2
    ):
        status = 503
    body = b"thanks" if status == 200 else b"sorry"
    handler.send_response(status)
    if path in _HEADERS:
        handler.send_header(*_HEADERS[path])
    if path == "/large":
        body = b"x" * 1_000_000
        handler.send_header("Content-Length", str(100 * len(body)))
    elif path == "/drip":
        handler.send_header("Content-Length", "60")
    else:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    try:
        _send(handler, receiver, body)
    except OSError:
        handler.close_connection = True


def _send(handler: BaseHTTPRequestHandler, receiver: Receiver, body: bytes) -> None:
    if handler.path == "/large":
        for _ in range(100):
            handler.wfile.write(body)
    elif handler.path == "/drip":
        for _ in range(60):
            handler.wfile.write(b"x")
            if receiver.stopped.wait(1):
                return
    else:
        handler.wfile.write(body)
