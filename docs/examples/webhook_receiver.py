"""A receiver of webhooks: `python webhook_receiver.py --port 9000`, with the secret in PERSONA_WEBHOOK_SECRET.

It believes only what is signed, takes each delivery once, answers at once and prints a line for each event.
"""

import argparse
import os
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from persona_core import PersonaError
from persona_core.signing import verify

SEEN: set[str] = set()
"""Ids of deliveries. They come at least once: keep these in your database."""


def received(body: bytes, headers: Mapping[str, str], secret: str) -> int:
    """Take a delivery; gives the status to answer with."""
    try:
        event = verify(body, headers, secret)
    except PersonaError as error:
        print("refused:", error, flush=True)
        return 400
    if headers["webhook-id"] not in SEEN:
        SEEN.add(headers["webhook-id"])
        print(event["type"], flush=True)
    return 204


class Receiver(BaseHTTPRequestHandler):
    """Answers POST with what `received` says."""

    def do_POST(self) -> None:
        """Hand on the very bytes that came: the signature is over these."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(received(body, self.headers, os.environ["PERSONA_WEBHOOK_SECRET"]))
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: a line for each event is enough."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9000)
    address = ("127.0.0.1", parser.parse_args().port)
    ThreadingHTTPServer(address, Receiver).serve_forever()
