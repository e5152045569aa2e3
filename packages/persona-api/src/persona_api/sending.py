"""One attempt at a delivery: a POST to an address that was judged, bounded in time and in what is read."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import anyio
import httpx

from persona_core.errors import causes

if TYPE_CHECKING:
    from persona_api.addresses import Target

Failure = Literal["timeout", "refused", "tls", "reset", "protocol"]

MOST_ADDRESSES = 4
LONGEST_RETRY_AFTER = 100  # characters
_USUAL_HEADERS = {
    "User-Agent": "Persona-Webhooks",
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
# They say where a request ends and for whom it is; a webhook's own headers have no say in that.
_OURS = {"accept-encoding", "connection", "content-length", "expect", "host", "transfer-encoding", "upgrade"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: a `status`, or a `failure` where no answer came.

    `timeout`: no answer within the deadline. `refused`: no connection. `tls`: no trust in the certificate, or no TLS.
    `reset`: the connection broke before an answer. `protocol`: the answer, or a header to be sent, was not HTTP's.
    A status counts even if the rest of the answer did not arrive; `excerpt` is what did, as it was sent, up to the cap.
    `duration` is in seconds. `retry_after` is the header's text, not judged.
    """

    status: int | None
    excerpt: bytes
    duration: float
    retry_after: str | None
    failure: Failure | None


async def deliver(
    target: Target,
    *,
    body: bytes,
    headers: Mapping[str, str],
    deadline: float = 15.0,
    cap: int = 1024,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send once, to the first of the target's addresses that takes a connection.

    Takes `deadline` seconds at most, all in all; raises nothing for whatever the receiver does. `tls` is what certificates
    are checked with, where those of the system (or of SSL_CERT_FILE) are not it.
    """
    started, read = anyio.current_time(), bytearray()
    response: httpx.Response | None = None
    failure: Failure | None = None
    addresses = target.addresses[:MOST_ADDRESSES]
    timeout = httpx.Timeout(deadline, connect=deadline / len(addresses))
    try:
        with anyio.fail_after(deadline):
            async with _client(tls or _usual_tls(), timeout) as client:
                response = await _answer(client, target, addresses, body, headers)
                await _read(response, read, cap)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # TimeoutError is an OSError; httpx reads a Location that it does not follow, and stumbles over odd ones
        failure = _failure(error)
    duration = anyio.current_time() - started
    if response is None:
        return Answer(None, b"", duration, None, failure)
    retry_after = response.headers.get("retry-after", "")[:LONGEST_RETRY_AFTER] or None
    return Answer(response.status_code, bytes(read), duration, retry_after, None)


@cache
def _usual_tls() -> ssl.SSLContext:
    """Load the certificates once: it takes longer than a delivery."""
    return httpx.create_ssl_context()


def _client(tls: ssl.SSLContext, timeout: httpx.Timeout) -> httpx.AsyncClient:
    """Open a client for one delivery, so that no connection is used for a second host at the same address."""
    return httpx.AsyncClient(
        verify=tls,
        timeout=timeout,
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,  # a proxy would look the name up again
        follow_redirects=False,
    )


async def _answer(
    client: httpx.AsyncClient,
    target: Target,
    addresses: tuple[str, ...],
    body: bytes,
    headers: Mapping[str, str],
) -> httpx.Response:
    """Return the answer, its body unread, of the first address that can be connected to."""
    *others, last = (_request(client, target, address, body, headers) for address in addresses)
    for request in others:
        try:
            return await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await client.send(last, stream=True)


def _request(
    client: httpx.AsyncClient, target: Target, address: str, body: bytes, headers: Mapping[str, str]
) -> httpx.Request:
    """Address a request to `address`, while `Host` and the certificate are the host's."""
    url = httpx.URL(target.url)
    sent = httpx.Headers(_USUAL_HEADERS)
    for name, value in headers.items():
        if name.lower() not in _OURS:
            sent[name] = value
    sent["Host"] = url.netloc.decode("ascii")
    extensions = {"sni_hostname": target.host}
    return client.build_request(
        "POST", url.copy_with(host=address), headers=sent, content=body, extensions=extensions
    )


async def _read(response: httpx.Response, into: bytearray, cap: int) -> None:
    """Read up to `cap` bytes as they were sent, and close, whatever else was on its way."""
    try:
        async for chunk in response.aiter_raw():
            into += chunk[: cap - len(into)]
            if len(into) >= cap:
                break
    finally:
        await response.aclose()


def _failure(error: BaseException) -> Failure:
    behind = tuple(causes(error))
    if any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in behind):
        return "timeout"
    if any(isinstance(cause, ssl.SSLError) for cause in behind):
        return "tls"
    if any(isinstance(cause, anyio.BrokenResourceError | anyio.EndOfStream) for cause in behind):
        return "reset"
    if isinstance(error, httpx.ConnectError):
        return "refused"
    if not isinstance(error, httpx.HTTPError | OSError):
        return "protocol"
    # httpx has one class for an answer that is not HTTP and for none at all
    broken = not isinstance(error, httpx.ProtocolError) or "disconnected" in str(error)
    return "reset" if broken else "protocol"
