"""Where a webhook may go: its URL, and every address that its host leads to.

What a host is called says nothing (`2130706433` is 127.0.0.1, a name can lead anywhere and elsewhere a second later):
the resolved addresses are judged, all of them, at registration and at each attempt, and `sending` connects to those very
addresses without looking the name up again.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

import anyio
import httpx
from anyio import CapacityLimiter, to_thread

Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

LONGEST_URL = 2048
LOOKUP_SECONDS = 5.0
PRIVILEGED = 1024  # ports below belong to services that are not receivers of webhooks

_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(?:\[[0-9a-f:.]+\]|[^\[\]:%]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_EXAMPLE = "give one such as https://example.com/hook"

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# What `is_global` lets through, in one version of Python or another, and nobody's receiver has.
_NEVER_PUBLIC: tuple[Network, ...] = (
    IPv6Network("3fff::/20"),  # for documentation
    IPv4Network("192.0.0.0/24"),  # holds a cloud's metadata
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # a cloud's own services, at what looks like a public address
)


class AddressRefused(Exception):  # noqa: N818 - a decision, not a mistake
    """Nothing may be sent there; the message is a sentence for whoever gave the URL.

    `kind` is `unresolvable` where the host leads to no address (it may tomorrow), else `address_refused`.
    """

    def __init__(
        self, message: str, kind: Literal["address_refused", "unresolvable"] = "address_refused"
    ) -> None:
        self.kind: Literal["address_refused", "unresolvable"] = kind
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What the server's owner allows beyond https to the public internet."""

    allow_http: bool = False
    networks: tuple[Network, ...] = ()

    def allows(self, address: str) -> bool:
        """Whether a resolved address is public, or in one of `networks`; an address with a scope never is."""
        if "%" in address:
            return False
        forms = _forms(ip_address(address))
        return _is_public(forms[-1]) or any(form in network for form in forms for network in self.networks)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that was judged. `host` is as DNS has it, without brackets; `addresses` are all that it leads to."""

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


async def look_up(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = await to_thread.run_sync(
        lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM),
        abandon_on_cancel=True,
        limiter=CapacityLimiter(
            1
        ),  # its own: slow name servers must not use up the threads of everybody else
    )
    return [str(address[0]) for *_, address in found]


async def checked(url: str, policy: AddressPolicy, resolver: Resolver = look_up) -> Target:
    """Judge a URL and everything that its host leads to now. Raises AddressRefused."""
    host, port = _parsed(url, policy)
    try:
        with anyio.fail_after(LOOKUP_SECONDS):
            found = await resolver(host, port)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        found = ()
    addresses = tuple(dict.fromkeys(found))
    if not addresses:
        raise AddressRefused(
            f"{host} leads to no address: check how it is written, or try again later", "unresolvable"
        )
    if not all(policy.allows(address) for address in addresses):
        raise AddressRefused(
            f"{host} leads to an address that is not on the public internet: use a public one, "
            "or ask whoever runs this server to allow its network with --allow-webhook-network"
        )
    return Target(url, host, port, addresses)


def _parsed(url: str, policy: AddressPolicy) -> tuple[str, int]:
    """Return host and port of a URL in which nothing is doubtful."""
    fault = _fault(url)
    if fault:
        raise AddressRefused(fault)
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise AddressRefused(f"the host of the URL is not one that can exist: {_EXAMPLE}") from None
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    if ":" not in host and not _NAME.fullmatch(host):
        raise AddressRefused(f"the host of the URL is not one that can exist: {_EXAMPLE}")
    if parsed.scheme == "http" and not policy.allow_http:
        raise AddressRefused(
            "the URL starts with http://, which anybody on the way can read: use https://, "
            "or ask whoever runs this server to allow http with --allow-http-webhooks"
        )
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    if port not in (80, 443) and port < PRIVILEGED:
        raise AddressRefused(f"port {port} is not for webhooks: use 443, 80, or one from {PRIVILEGED}")
    return host, port


def _fault(url: str) -> str | None:
    """Say what is wrong with the way in which a URL is written."""
    if len(url) > LONGEST_URL:
        return f"the URL is longer than {LONGEST_URL} characters: give a shorter one"
    if any(not letter.isprintable() or letter in " \\" for letter in url):
        return "the URL holds a space, a backslash or an invisible character: copy it again"
    authority = _AUTHORITY.match(url)
    if not authority:
        return f"the URL does not start with https://: {_EXAMPLE}"
    if "@" in authority[1]:
        return "the URL holds a user or a password: put them into the webhook's headers"
    if "#" in url:
        return "the URL holds a #, and what follows it is never sent: leave it out"
    found = _HOST_AND_PORT.fullmatch(authority[1])
    if not found:
        return f"the URL has no host, or one that cannot be read: {_EXAMPLE}"
    if found[1] and not 0 < int(found[1]) < 65536:
        return f"there is no port {found[1]}: use 443, 80, or one from {PRIVILEGED} to 65535"
    return None


def _forms(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return an address and, last, the IPv4 address inside it, where it is a form of one."""
    if isinstance(address, IPv4Address):
        return [address]
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return [address, inner] if inner else [address]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, unwrapped, is one of the public internet."""
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in network for network in _NEVER_PUBLIC)
