"""Where webhooks may go, judged, and what becomes of one sent to a receiver that behaves badly."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import anyio
import pytest
from anyio import TypedAttributeProvider
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSStream
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from persona_api.addresses import AddressPolicy, AddressRefused, Target, checked, look_up
from persona_api.sending import Answer, deliver

PUBLIC = AddressPolicy(allow_http=True)
LOOPBACK = AddressPolicy(allow_http=True, networks=(ip_network("127.0.0.0/8"),))

# Written wrongly, or in a way that two readers would read differently. `AddressPolicy` lets http through here.
DOUBTFUL_URLS = """
ftp://example.com/hook
file:///etc/passwd
gopher://example.com/_x
javascript:alert(1)
data:text/plain,hello
//example.com/hook
example.com/hook
https:example.com
https:/example.com
https:///hook
https://
https://:443/hook
https://?x
https://#x
https://user@example.com/
https://user:password@example.com/
https://example.com@127.0.0.1/
https://127.0.0.1:80@example.com/
https://example.com#@127.0.0.1/
https://example.com/#part
https://example.com\\@127.0.0.1/
https:\\\\example.com
https://example.com:22/
https://example.com:0/
https://example.com:1023/
https://example.com:65536/
https://example.com:99999/
https://example.com:/../:80:443/
https://example.com:8o/
https://example.com:-443/
https://example.com:٤٤٣/
https://exa mple.com/
https://example.com/a b
https://example.com%2f@127.0.0.1/
https://exam%70le.com/
https://127.0.0.1%00.example.com/
https://[::1/
https://::1/
https://[::1]extra/
https://[fe80::1%25eth0]/
https://[fe80::1%eth0]/
https://[127.0.0.1]/
https://[v1.x]/
https://exa<mple.com/
https://exa'mple.com/
https://ex*mple.com/
https://.example.com/
https://example..com/
https://example.com../
https://./
https://256.1.1.1/
https://ⓛⓞⓒⓐⓛhost/
https://１２７.0.0.1/
https://xn--ü.example/
""".strip("\n").split("\n")
UNSEEN = [  # what is wrong with them is easily overlooked
    " https://example.com/",
    "https://example.com/ ",
    "https://example.com/\n",
    "https://example.com/\r\nHost: other",
    "https://exa\tmple.com/",
    "https://example.com/\x00",
    "https://example.com/a\\b",
    "https://example.com/\u202e",
    "https://example.com/\u3000",
    "https://exam\u200bple.com/",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 130 + "com/",
    "https://example.com/" + "a" * 2048,
    "",
]

# Written well, and leading (by the system's resolver, which asks no name server for these) to where nothing may go.
PRIVATE_URLS = """
https://127.0.0.1/
https://127.8.8.8/
https://localhost/
https://LOCALHOST./
https://127.1/
https://0x7f.1/
https://0x7f000001/
https://0177.0.0.1/
https://2130706433/
https://017700000001/
https://0/
https://0.0.0.0/
https://10.0.0.1/
https://172.16.0.1/
https://172.31.255.255/
https://192.168.1.1:8080/
https://169.254.169.254/latest/meta-data/
https://168.63.129.16/machine
https://100.64.0.1/
https://100.100.100.200/
https://192.0.0.192/
https://192.0.2.1/
https://198.18.0.1/
https://203.0.113.9/
https://192.88.99.1/
https://224.0.0.1/
https://239.255.255.250:1900/
https://240.0.0.1/
https://255.255.255.255/
https://[::]/
https://[::1]/
https://[0:0:0:0:0:0:0:1]/
https://[::127.0.0.1]/
https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/
https://[::ffff:169.254.169.254]/
https://[::ffff:0:127.0.0.1]/
https://[2002:7f00:1::]/
https://[2002:a9fe:a9fe::1]/
https://[2002:c0a8:101::]/
https://[64:ff9b::127.0.0.1]/
https://[64:ff9b::a9fe:a9fe]/
https://[64:ff9b:1::7f00:1]/
https://[64:ff9b:1::808:808]/
https://[2001::7f00:1]/
https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/
https://[2001:db8::1]/
https://[3fff::1]/
https://[fe80::1]/
https://[fec0::1]/
https://[fc00::1]/
https://[fd00:ec2::254]/
https://[ff02::1]/
https://[100::1]/
https://[5f00::1]/
https://[4000::1]/
""".split()

GOOD_URLS = [
    ("https://example.com", "example.com", 443),
    ("https://example.com/hook", "example.com", 443),
    ("HTTPS://Example.COM/Hook?a=b&c=%20", "example.com", 443),
    ("https://example.com./", "example.com", 443),
    ("https://example.com:443/", "example.com", 443),
    ("https://example.com:8443/a:b@c", "example.com", 8443),
    ("https://example.com?a=1", "example.com", 443),
    ("http://example.com/", "example.com", 80),
    ("http://example.com:1024/", "example.com", 1024),
    ("https://example.com:65535/", "example.com", 65535),
    ("https://hooks.my_team.example-site.com/x/", "hooks.my_team.example-site.com", 443),
    ("https://münchen.example/hook/größe", "xn--mnchen-3ya.example", 443),
    ("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", 443),
    ("https://93.184.216.34/", "93.184.216.34", 443),
    ("https://[2606:4700::1111]:8443/", "2606:4700::1111", 8443),
    ("https://10.example.com/", "10.example.com", 443),
]
GOOD_ADDRESSES = """
8.8.8.8 93.184.216.34 192.0.1.1 223.255.255.1 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8 2002:808:808::1
64:ff9b::808:808 172.32.0.1 100.128.0.1
""".split()


def leading_to(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolver(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolver


def refusal(url: str, policy: AddressPolicy = PUBLIC, resolver=look_up) -> AddressRefused:
    with pytest.raises(AddressRefused) as caught:
        anyio.run(checked, url, policy, resolver)
    return caught.value


# Judging


@pytest.mark.parametrize("url", [*DOUBTFUL_URLS, *UNSEEN])
def test_a_doubtful_url_is_refused_before_it_is_looked_up(url: str) -> None:
    async def nobody(host: str, port: int) -> list[str]:
        pytest.fail(f"{host} was looked up")

    error = refusal(url, LOOPBACK, nobody)
    assert error.kind == "address_refused"
    assert len(str(error)) < 200


@pytest.mark.parametrize("url", PRIVATE_URLS)
def test_what_leads_inside_is_refused(url: str) -> None:
    assert refusal(url).kind == "address_refused"


def test_the_sentence_does_not_give_away_where_a_name_leads() -> None:
    error = refusal("https://intranet.example/", resolver=leading_to("10.20.30.40"))
    assert "10.20.30.40" not in str(error)
    assert "--allow-webhook-network" in str(error)
    assert "https://" in str(refusal("http://example.com/", AddressPolicy(), leading_to("8.8.8.8")))


@pytest.mark.parametrize(("url", "host", "port"), GOOD_URLS)
def test_a_good_url_is_a_target(url: str, host: str, port: int) -> None:
    target = anyio.run(checked, url, PUBLIC, leading_to("8.8.8.8", "2606:4700::1111", "8.8.8.8"))
    assert target == Target(url, host, port, ("8.8.8.8", "2606:4700::1111"))


@pytest.mark.parametrize("address", GOOD_ADDRESSES)
def test_public_addresses_are_allowed(address: str) -> None:
    assert AddressPolicy().allows(address)


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.0.0.1", "64:ff9b::a9fe:a9fe", "fe80::1%eth0"])
def test_one_address_inside_among_good_ones_is_enough(inside: str) -> None:
    for found in ((inside, "8.8.8.8"), ("8.8.8.8", inside), ("2606:4700::1111", "8.8.8.8", inside)):
        assert refusal("https://example.com/", PUBLIC, leading_to(*found)).kind == "address_refused"


def test_allowed_networks_hold_what_is_inside_a_form_too_and_nothing_else() -> None:
    policy = AddressPolicy(networks=(ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")))
    for address in (
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "2002:a01:203::",
        "64:ff9b::a01:203",
        "fd00:1::5",
        "8.8.8.8",
    ):
        assert policy.allows(address), address
    for address in ("10.2.0.1", "127.0.0.1", "fd00:2::5", "::1", "fd00:1::5%eth0", "2002:a02:203::"):
        assert not policy.allows(address), address


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_disguise_is_judged_as_itself(address) -> None:
    number = int(address)
    allowed = AddressPolicy().allows(str(address))
    disguises = (f"::ffff:{address}", f"64:ff9b::{address}", f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")
    assert [AddressPolicy().allows(disguise) for disguise in disguises] == [allowed] * 3


@given(st.text() | st.text().map("https://{}".format) | st.from_regex(r"https?://[\w.:@\[\]%#-]+/?\Z"))
def test_whatever_is_written_is_a_target_or_a_sentence(url: str) -> None:
    try:
        target = anyio.run(checked, url, PUBLIC, leading_to("8.8.8.8"))
    except AddressRefused as error:
        sentence = str(error)
        assert sentence
    else:
        assert target.host.isascii()
        assert target.port in (80, 443) or 1024 <= target.port < 65536


def test_a_host_that_leads_nowhere_is_unresolvable() -> None:
    async def failing(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    for resolver in (failing, leading_to()):
        error = refusal("https://nowhere.example/", PUBLIC, resolver)
        assert error.kind == "unresolvable"
        assert "nowhere.example" in str(error)


def test_a_lookup_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("persona_api.addresses.LOOKUP_SECONDS", 0.2)

    async def hanging(host: str, port: int) -> list[str]:
        await anyio.sleep(60)
        return ["8.8.8.8"]

    assert refusal("https://slow.example/", PUBLIC, hanging).kind == "unresolvable"


def test_a_name_that_leads_elsewhere_the_second_time_is_refused_then() -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> list[str]:
        return next(answers)

    at_registration = anyio.run(checked, "https://rebinding.example/", PUBLIC, rebinding)
    assert at_registration.addresses == ("93.184.216.34",)
    assert refusal("https://rebinding.example/", PUBLIC, rebinding).kind == "address_refused"


# Sending


def extra(thing: TypedAttributeProvider, attribute):
    return thing.extra(attribute)  # noqa: S610 - not Django's


@asynccontextmanager
async def receiver(behave: Callable[[ByteStream, bytes], Awaitable[None]], tls: ssl.SSLContext | None = None):
    """Listen on 127.0.0.1; `behave` is given each connection and the request that came. Yields port and requests."""
    requests: list[bytes] = []

    async def serve(stream) -> None:
        try:
            async with stream:
                if tls:
                    stream = await TLSStream.wrap(
                        stream, server_side=True, ssl_context=tls, standard_compatible=False
                    )
                request = b""
                while not request.endswith(b"}"):
                    request += await stream.receive()
                requests.append(request)
                await behave(stream, request)
        except (anyio.BrokenResourceError, anyio.EndOfStream, anyio.ClosedResourceError, OSError):
            pass  # the other side closed, as it may

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", family=socket.AF_INET)
    async with listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, serve)
        yield extra(listener, SocketAttribute.local_port), requests
        group.cancel_scope.cancel()


def sent(
    behave, *, host: str = "localhost", scheme: str = "http", tls=None, **options
) -> tuple[Answer, list[bytes]]:
    """Deliver one body to a receiver by its name, which no resolver knows, at its checked address."""
    addresses = options.pop("addresses", ("127.0.0.1",))

    async def main() -> tuple[Answer, list[bytes]]:
        async with receiver(behave, tls) as (port, requests):
            url = f"{scheme}://{host}:{port}/hook?a=%20b"
            target = await checked(url, LOOPBACK, leading_to(*addresses))
            given = {"body": b'{"id":"evt_1"}', "headers": {"webhook-id": "msg_1"}, **options}
            return await deliver(target, **given), requests

    return anyio.run(main)


def says(answer: bytes, then: float = 0):
    async def behave(stream: ByteStream, request: bytes) -> None:
        await stream.send(answer)
        await anyio.sleep(then)

    return behave


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthank"


def test_one_request_arrives_at_the_checked_address_under_the_name_of_the_host(monkeypatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    answer, requests = sent(says(OK), host="receiver.invalid")
    assert (answer.status, answer.excerpt, answer.failure, answer.retry_after) == (200, b"thank", None, None)
    assert 0 < answer.duration < 5
    [request] = requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.lower().split(b"\r\n")
    assert line == b"post /hook?a=%20b http/1.1"
    assert body == b'{"id":"evt_1"}'
    assert b"connection: close" in headers
    assert b"content-type: application/json" in headers
    assert b"webhook-id: msg_1" in headers
    assert any(header.startswith(b"host: receiver.invalid:") for header in headers)


def test_headers_of_the_webhook_go_along_and_do_not_change_whose_request_it_is() -> None:
    headers = {
        "user-agent": "mine",
        "X-Token": "grüße",
        "hOst": "other",
        "content-length": "3",
        "Transfer-Encoding": "chunked",
    }
    answer, [request] = sent(says(OK), host="receiver.invalid", headers=headers)
    assert answer.status == 200
    assert "X-Token: grüße".encode() in request
    assert b"Persona-Webhooks" not in request
    assert b"other" not in request
    assert b"chunked" not in request
    assert request.endswith(b'\r\n\r\n{"id":"evt_1"}')


def test_a_header_that_would_be_two_is_not_sent() -> None:
    answer, requests = sent(says(OK), headers={"X-Token": "a\r\nX-Other: b"})
    assert (answer.status, answer.failure, requests) == (None, "protocol", [])


def test_a_receiver_that_hangs_is_left_at_the_deadline() -> None:
    async def hang(stream: ByteStream, request: bytes) -> None:
        await anyio.sleep(60)

    answer, _ = sent(hang, deadline=0.3)
    assert (answer.status, answer.failure) == (None, "timeout")
    assert 0.3 <= answer.duration < 1.5


def dripping(first: bytes, drops: bytes):
    async def behave(stream: ByteStream, request: bytes) -> None:
        await stream.send(first)
        for drop in drops:
            await anyio.sleep(1)
            await stream.send(bytes([drop]))

    return behave


def test_a_receiver_that_drips_a_byte_a_second_is_left_at_the_deadline() -> None:
    """No single read takes long; all of them together may not either."""
    answer, _ = sent(dripping(b"", OK), deadline=2.5)
    assert (answer.status, answer.failure) == (None, "timeout")
    assert 2.5 <= answer.duration < 4


def test_a_status_counts_although_its_body_drips() -> None:
    answer, _ = sent(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"a" * 100), deadline=2.5)
    assert (answer.status, answer.failure, answer.excerpt) == (200, None, b"aa")
    assert 2.5 <= answer.duration < 4


@pytest.mark.parametrize("encoding", [b"identity", b"gzip"])
def test_of_an_answer_of_100_mb_the_first_bytes_are_read(encoding: bytes) -> None:
    passed = 0

    async def flood(stream: ByteStream, request: bytes) -> None:
        nonlocal passed
        head = b"HTTP/1.1 500 Oops\r\nContent-Encoding: %s\r\nContent-Length: 100000000\r\n\r\n"
        await stream.send(head % encoding)
        for _ in range(1600):
            await stream.send(b"x" * 62_500)
            passed += 62_500

    answer, _ = sent(flood, cap=1024)
    assert (answer.status, answer.excerpt, answer.failure) == (500, b"x" * 1024, None)
    assert answer.duration < 3
    assert passed < 20_000_000


def test_headers_without_end_are_no_answer() -> None:
    async def flood(stream: ByteStream, request: bytes) -> None:
        await stream.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(1_000_000):
            await stream.send(b"X-%d: y\r\n" % number * 100)

    answer, _ = sent(flood, deadline=5)
    assert (answer.status, answer.failure) == (None, "protocol")


def test_a_redirect_is_an_answer_and_nothing_more() -> None:
    redirect = (
        b"HTTP/1.1 307 Elsewhere\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n"
    )
    answer, requests = sent(says(redirect), deadline=3)
    assert (answer.status, answer.failure, len(requests)) == (307, None, 1)
    assert answer.duration < 2


def test_the_time_to_come_back_is_handed_on() -> None:
    busy = b"HTTP/1.1 429 Slow down\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    answer, _ = sent(says(busy))
    assert (answer.status, answer.retry_after) == (429, "120")


async def reset(stream: ByteStream, request: bytes) -> None:
    raw = extra(stream, SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def close(stream: ByteStream, request: bytes) -> None:
    await stream.aclose()


@pytest.mark.parametrize(
    ("behave", "failure"),
    [
        (reset, "reset"),
        (close, "reset"),
        (says(b"HTTP/1.1 200 O"), "reset"),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "protocol"),
        (says(b"\x16\x03\x01" * 50 + b"\r\n\r\n"), "protocol"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), "protocol"),
    ],
)
def test_what_is_no_answer_has_a_name(behave, failure: str) -> None:
    answer, _ = sent(behave, deadline=3)
    assert (answer.status, answer.failure, answer.excerpt) == (None, failure, b"")


def test_an_answer_that_breaks_off_keeps_its_status() -> None:
    answer, _ = sent(says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthank"))
    assert (answer.status, answer.excerpt, answer.failure) == (200, b"thank", None)


def test_where_nobody_listens_the_connection_is_refused_and_the_next_address_tried() -> None:
    assert sent(says(OK), addresses=("127.0.0.2",))[0].failure == "refused"
    assert sent(says(OK), addresses=("127.0.0.2", "127.0.0.1"))[0].status == 200


# TLS


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """Two contexts: a server's with a certificate for receiver.example and 127.0.0.9, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a receiver")])
    names = x509.SubjectAlternativeName([x509.DNSName("receiver.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(key.private_bytes(*form) + certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=certificate.decode())


def sent_safely(
    host: str, server: ssl.SSLContext, trusting: ssl.SSLContext | None
) -> tuple[Answer, list[bytes]]:
    async def main() -> tuple[Answer, list[bytes]]:
        async with receiver(says(OK), server) as (port, requests):
            target = Target(f"https://{host}:{port}/", host, port, ("127.0.0.1",))
            return await deliver(target, body=b"{}", headers={}, tls=trusting, deadline=5), requests

    return anyio.run(main)


def test_a_certificate_for_the_host_is_taken(tls) -> None:
    answer, requests = sent_safely("receiver.example", *tls)
    assert (answer.status, answer.excerpt, answer.failure) == (200, b"thank", None)
    assert len(requests) == 1


def test_a_certificate_for_another_name_or_from_nobody_known_is_not(tls) -> None:
    server, trusting = tls
    for host, trusted in (("other.example", trusting), ("127.0.0.1", trusting), ("receiver.example", None)):
        answer, requests = sent_safely(host, server, trusted)
        assert (answer.status, answer.failure, requests) == (None, "tls", [])


def test_what_speaks_no_tls_is_named(tls) -> None:
    async def main() -> Answer:
        listener = await anyio.create_tcp_listener(local_host="127.0.0.1", family=socket.AF_INET)
        port = extra(listener, SocketAttribute.local_port)
        target = Target(f"https://receiver.example:{port}/", "receiver.example", port, ("127.0.0.1",))
        async with listener, anyio.create_task_group() as group:
            group.start_soon(listener.serve, plainly)
            answer = await deliver(target, body=b"{}", headers={}, tls=tls[1], deadline=5)
            group.cancel_scope.cancel()
        return answer

    async def plainly(stream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(OK)

    assert anyio.run(main).failure == "tls"
