"""`persona webhooks`."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click

from persona_cli import output
from persona_cli.commands import _options
from persona_core.errors import ConfigurationError, SignatureError
from persona_core.signing import verify, verify_body

_LONGEST, _DIGITS = 1_000_000, 12
"""Bytes of a delivery that are read."""
_secret = click.option(
    "--secret", required=True, envvar="PERSONA_WEBHOOK_SECRET", metavar="SECRET",
    help="The webhook's, as it was shown when it was made. [PERSONA_WEBHOOK_SECRET]",
)  # fmt: skip


@click.group("webhooks")
def command() -> None:
    """Try out webhooks: receive them, and check their signatures."""


@command.command(
    "listen",
    epilog=_options.examples(
        "persona serve --allow-http-webhooks --allow-webhook-network 127.0.0.0/8",
        "persona webhooks listen --port 9000 --secret whsec_…",
    ),
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="0 for any that is free."
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="Stop after so many deliveries.")
@_secret
@_options.debug
def listen(port: int, count: int | None, secret: str) -> None:
    """Receive webhooks on this machine, check each, and show it.

    The server must be allowed to send here; the first of the examples starts one that is.
    """
    try:
        server = _Listening(("127.0.0.1", port), secret)
    except OSError as error:
        raise ConfigurationError(
            f"port {port} cannot be had ({error.strerror}): give another --port"
        ) from error
    server.timeout = 0.2
    with server:
        output.say(f"Listening at http://127.0.0.1:{server.server_address[1]}/; stop with Ctrl-C.")
        while count is None or server.came < count:
            server.handle_request()


class _Listening(ThreadingHTTPServer):
    """Receives side by side, so that a slow sender holds nobody up, and shows one delivery after the other."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], secret: str) -> None:
        super().__init__(address, _Handler)
        self.secret, self.came, self.showing = secret, 0, threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    """Answers 204 to what is signed, and 400 with the reason to what is not."""

    server: _Listening
    timeout = 10

    def do_POST(self) -> None:
        """Check one delivery."""
        length = self.headers.get("Content-Length", "")
        long = min(int(length), _LONGEST) if length.isdecimal() and len(length) < _DIGITS else 0
        try:
            body = self.rfile.read(long)
        except OSError:  # it took too long, or went away
            return
        with self.server.showing:
            self._check(body)
            self.server.came += 1

    def _check(self, body: bytes) -> None:
        try:
            event = verify(body, dict(self.headers.items()), self.server.secret)
        except SignatureError as error:
            output.say(f"Refused ({error.reason}): {error}")
            self._answer(400, f"{error.reason}\n".encode())
        else:
            _show(event)
            self._answer(204, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing of our own."""


@command.command("verify", epilog=_options.examples("persona webhooks verify body.json --secret whsec_…"))
@click.argument("body", metavar="[BODY]", default="-")
@click.option(
    "-H",
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="A header as it came; without any, the signature in the body is checked.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    help="Seconds that clocks may differ.",
)
@_secret
@_options.debug
def check(body: str, headers: tuple[str, ...], tolerance: float, secret: str) -> int:
    """Check the signature of a delivery: BODY is a file with its very bytes, or - for standard input."""
    raw = sys.stdin.buffer.read() if body == "-" else Path(body).read_bytes()
    given = dict(_header(each) for each in headers)
    try:
        event = verify(raw, given, secret, tolerance=tolerance) if given else verify_body(raw, secret)
    except SignatureError as error:
        output.say(f"Refused ({error.reason}): {error}")
        return 1
    _show(event)
    return 0


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise click.BadParameter(f"“{text}” is not NAME: VALUE", param_hint="--header")
    return name.strip(), value.strip()


def _show(event: Mapping[str, Any]) -> None:
    output.show(f"{event.get('timestamp', '')}  {event.get('type', '')}  {event.get('text', '')}")
    if event.get("data"):
        output.show(f"  {json.dumps(event['data'], ensure_ascii=False)}")
