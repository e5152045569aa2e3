"""Webhook signatures, both ways: what the server signs, and what a receiver checks.

Every delivery carries three signatures, all HMAC-SHA256:

- `webhook-signature`, after Standard Webhooks (https://www.standardwebhooks.com): over id, time and body, so that an old
  delivery cannot be sent again. Take this one where you can; `verify` checks it, and so does any of its libraries,
  given `signing_secret(secret)`.
- `X-Persona-Signature`: over the body, for a receiver that has nothing but HMAC. The key is the secret as it is written.
- `signature`, the last value in the body: over the body's own bytes with that value left empty, for tools that show a
  receiver no headers. The same key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets as randomness
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, cast, runtime_checkable

from persona_core.errors import SignatureError

PREFIX = "whsec_"
HINT_FROM = 16  # characters that a secret must have before four of them are shown
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")
_SIGNED_END = re.compile(rb'"signature":"(sha256=[0-9a-f]{64})"\}\Z')


@runtime_checkable
class HasItems(Protocol):
    """Headers as any framework hands them over: a dict, or an object of its own with `items()`."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Return pairs of name and value, str or bytes."""


Headers = HasItems | Iterable[tuple[Any, Any]]
Secrets = str | Sequence[str]


def new_secret() -> str:
    """Make a secret from 24 random bytes."""
    return PREFIX + base64.b64encode(randomness.token_bytes(24)).decode()


def secret_hint(secret: str) -> str:
    """Show enough of a secret to tell it from another: its last four characters, none of a short one."""
    shown = secret[-4:] if len(secret.removeprefix(PREFIX)) >= HINT_FROM else ""
    return f"{PREFIX if secret.startswith(PREFIX) else ''}…{shown}"


def signing_secret(secret: str) -> str:
    """Write a secret as the libraries for Standard Webhooks take it: `whsec_` and the base64 of its key."""
    return PREFIX + base64.b64encode(_key(secret)).decode()


def signed_body(event: Mapping[str, Any], secret: str) -> bytes:
    """Write an event as compact JSON that ends with its own signature; a `signature` of the event's is replaced.

    Raises ValueError for numbers that JSON does not have (NaN, infinity).
    """
    unsigned = {**{name: value for name, value in event.items() if name != "signature"}, "signature": ""}
    empty = json.dumps(unsigned, separators=(",", ":"), allow_nan=False).encode()
    return empty[: -len('"}')] + _plain(empty, secret).encode() + b'"}'


def headers(
    body: bytes, *, webhook_id: str, event: str, secrets: Sequence[str], at: datetime | int
) -> dict[str, str]:
    """Make the headers of one attempt at `at` (seconds since 1970, or an aware datetime).

    `secrets` holds the newest first, and two while they rotate: `webhook-signature` then has one signature under each,
    and `X-Persona-Signature` is the old secret's, as the body's own should be.
    """
    timestamp = str(int(_seconds(at)))
    signatures = [_standard(webhook_id.encode(), timestamp.encode(), body, secret) for secret in secrets]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
        "X-Persona-Event": event,
        "X-Persona-Signature": _plain(body, secrets[-1]),
    }


def verify(
    body: bytes,
    headers: Headers,
    secrets: Secrets,
    *,
    tolerance: float = 300,
    now: datetime | float | None = None,
) -> dict[str, Any]:
    """Check a delivery by its Standard Webhooks headers, and return its event.

    `body` must be the bytes as they came, before any parsing. One secret that matches is enough; an empty one never
    does. `tolerance` is in seconds, into the past and the future of `now`. Raises SignatureError, and nothing else
    whatever was sent.
    """
    if isinstance(cast(object, body), str):
        raise SignatureError(
            "malformed", "the body is a text: give the bytes as they came, before anything read them"
        )
    given = _lowered(headers)
    webhook_id, timestamp, signature = (
        _header(given, f"webhook-{name}") for name in ("id", "timestamp", "signature")
    )
    _check_time(timestamp, tolerance, time.time() if now is None else _seconds(now))
    sent = _sent(signature)
    _match(sent, [_standard(webhook_id, timestamp, body, secret) for secret in _usable(secrets)])
    return _event(body)


def verify_body(body: bytes, secrets: Secrets) -> dict[str, Any]:
    """Check a delivery by the signature at the end of its body, and return its event.

    It does not tell a delivery from the same one sent again later: prefer `verify`. Raises SignatureError only.
    """
    found = _SIGNED_END.search(body)
    if not found:
        raise SignatureError("malformed", "the body does not end with a signature")
    empty = body[: found.start(1)] + body[found.end(1) :]
    _match([found[1]], [_plain(empty, secret).encode() for secret in _usable(secrets)])
    return _event(body)


def _key(secret: str) -> bytes:
    """Return the key of Standard Webhooks: after `whsec_`, base64 with or without its padding.

    Any other secret, one that has `whsec_` before what is not base64 too, is its own UTF-8 bytes, all of them.
    """
    if secret.startswith(PREFIX):
        coded = secret.removeprefix(PREFIX)
        try:
            decoded = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
        except (binascii.Error, ValueError):  # ValueError: letters beyond ASCII
            decoded = b""
        if decoded:
            return decoded
    return _bytes(secret)


def _standard(webhook_id: bytes, timestamp: bytes, body: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), b".".join((webhook_id, timestamp, body)), hashlib.sha256)


def _plain(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.digest(_bytes(secret), body, hashlib.sha256).hex()


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _seconds(at: datetime | float) -> float:
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a time without a time zone could be any of 24: give one with tzinfo")
    return at.timestamp()


def _usable(secrets: Secrets) -> list[str]:
    usable = [secret for secret in ([secrets] if isinstance(secrets, str) else secrets) if secret]
    if not usable:
        raise SignatureError("no_match", "no secret was given to check the signature with")
    return usable


def _lowered(headers: Headers) -> dict[bytes, Any]:
    pairs = headers.items() if isinstance(headers, HasItems) else headers
    return {_bytes(name).lower(): value for name, value in pairs if isinstance(name, str | bytes)}


def _header(given: Mapping[bytes, Any], name: str) -> bytes:
    value = given.get(name.encode())
    if not value:
        raise SignatureError("missing_header", f"the header {name} is missing")
    if not isinstance(value, str | bytes):
        raise SignatureError("malformed", f"the header {name} is not text")
    return _bytes(value).strip()


def _check_time(timestamp: bytes, tolerance: float, now: float) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise SignatureError("malformed", "the header webhook-timestamp is not a whole number of seconds")
    age = now - int(timestamp)
    if age > tolerance:
        raise SignatureError("timestamp_too_old")
    if age < -tolerance:
        raise SignatureError("timestamp_in_future")


def _sent(signature: bytes) -> list[bytes]:
    """Read the signatures of version 1; others, and what is not one at all, are passed over."""
    sent = []
    for entry in signature.split(b" "):
        version, _, coded = entry.partition(b",")
        try:
            raw = base64.b64decode(coded, validate=True)
        except binascii.Error:
            continue
        if version == b"v1" and len(raw) == hashlib.sha256().digest_size:
            sent.append(raw)
    if not sent:
        raise SignatureError("malformed", "the header webhook-signature holds no signature of version 1")
    return sent


def _match(sent: Iterable[bytes], expected: Sequence[bytes]) -> None:
    if not any(hmac.compare_digest(one, other) for one in sent for other in expected):
        raise SignatureError("no_match")


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise SignatureError("malformed", "the body is signed, but is not a JSON object")
    return event
