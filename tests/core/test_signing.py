"""Webhook signatures, with the library of Standard Webhooks as the judge of ours, and ours of its."""

from __future__ import annotations

import base64
import email.message
import hashlib
import hmac
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from persona_core import signing
from persona_core.errors import SignatureError

SECRET = "a secret of the caller's, ünï"
EVENT = {
    "id": "evt_1",
    "type": "generation.completed",
    "text": 'Persona job job_1 completed: “3 personas” \u2028 {"signature":""}',
    "data": {"personas": 3, "cost_usd": 0.12},
}
secrets = st.one_of(
    st.text(min_size=1),
    st.binary(min_size=1, max_size=64).map(lambda key: "whsec_" + base64.b64encode(key).decode()),
    st.text(max_size=20).map("whsec_{}".format),
    st.characters(categories=["Cs"]),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
events = st.dictionaries(st.text(), json_values, max_size=5)


def plain(body: bytes, secret: str) -> str:
    """Sign a body the simple way, as any receiver may."""
    return "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()


def sent(secret: str = SECRET, *others: str, at: datetime | int | None = None, body: bytes | None = None):
    """Return body and headers of one delivery, now; the last secret is the old one."""
    all_secrets = [secret, *others]
    body = signing.signed_body(EVENT, all_secrets[-1]) if body is None else body
    made = signing.headers(
        body,
        webhook_id="msg_1",
        event="generation.completed",
        secrets=all_secrets,
        at=at or datetime.now(UTC),
    )
    return body, made


def why_not(*arguments: object, **options: object) -> str:
    with pytest.raises(SignatureError) as caught:
        signing.verify(*arguments, **options)
    assert str(caught.value)
    return caught.value.reason


# Against the library of Standard Webhooks


@given(events, secrets)
@example(EVENT, signing.new_secret())
@example(EVENT, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
@example(EVENT, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAA")  # its padding is missing
def test_the_library_verifies_what_we_sign(event: dict[str, object], secret: str) -> None:
    body, headers = sent(secret, body=signing.signed_body(event, secret))
    parsed = Webhook(signing.signing_secret(secret)).verify(body, headers)
    assert parsed == {**event, "signature": parsed["signature"]}
    if secret.startswith("whsec_MfK"):
        assert Webhook(secret).verify(body, headers) == parsed, "a secret of that form is the library's own"


@given(events, secrets, st.text(min_size=1).filter(lambda name: name == name.strip()))
def test_we_verify_what_the_library_signs(event: dict[str, object], secret: str, webhook_id: str) -> None:
    body, at = json.dumps(event), datetime.now(UTC)
    signature = Webhook(signing.signing_secret(secret)).sign(webhook_id, at, body)
    headers = {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }
    assert signing.verify(body.encode(), headers, secret) == event
    assert signing.verify(body.encode(), headers, signing.signing_secret(secret)) == event


def test_the_example_of_the_specification_verifies() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signing.verify(body, headers, secret, now=1614265330) == {"test": 2432232314}


def test_numbers_that_json_does_not_have_are_not_signed() -> None:
    with pytest.raises(ValueError, match="JSON"):
        signing.signed_body({"cost": float("nan")}, SECRET)


# What is told apart


def test_a_delivery_verifies_in_every_way() -> None:
    body, headers = sent()
    event = signing.verify(body, headers, SECRET)
    assert event == signing.verify_body(body, SECRET)
    assert headers["X-Persona-Signature"] == plain(body, SECRET)
    assert list(event) == [*EVENT, "signature"]
    assert headers["X-Persona-Event"] == "generation.completed"
    assert body == json.dumps(event, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_or_empty_header_is_named(name: str) -> None:
    body, headers = sent()
    with pytest.raises(SignatureError, match=name) as caught:
        signing.verify(body, {**headers, name: ""}, SECRET)
    assert caught.value.reason == "missing_header"
    del headers[name]
    assert why_not(body, headers, SECRET) == "missing_header"


def test_a_time_outside_the_tolerance_is_refused() -> None:
    body, headers = sent(at=1_000_000)
    for now in (1_000_000 - 300, 1_000_000 + 300, datetime.fromtimestamp(1_000_299, UTC)):
        assert signing.verify(body, headers, SECRET, now=now)
    assert why_not(body, headers, SECRET, now=1_000_301) == "timestamp_too_old"
    assert why_not(body, headers, SECRET, now=999_699) == "timestamp_in_future"
    assert why_not(body, headers, SECRET) == "timestamp_too_old"
    assert signing.verify(body, headers, SECRET, now=1_003_600, tolerance=3600)


def test_times_of_any_zone_are_the_same_moment() -> None:
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=9)))
    assert sent(at=moment) == sent(at=elsewhere) == sent(at=int(moment.timestamp()))
    with pytest.raises(ValueError, match="time zone"):
        sent(at=datetime(2026, 11, 22, 10))  # noqa: DTZ001 - the point


@given(st.data())
def test_one_changed_character_is_noticed(data: st.DataObject) -> None:
    body, headers = sent()
    part = data.draw(st.sampled_from(["body", "webhook-id", "webhook-timestamp", "webhook-signature"]))
    whole = bytearray(body if part == "body" else headers[part].encode())
    # the digest ends 4 bits before its last character does
    end = -3 if part == "webhook-signature" else None
    place = data.draw(st.sampled_from(range(len(whole))[:end]))
    whole[place] ^= data.draw(st.integers(1, 255))
    if part == "body":
        assert why_not(bytes(whole), headers, SECRET) == "no_match"
        assert why_not(body + b" ", headers, SECRET) == "no_match"
    elif whole.strip() != headers[part].encode():
        reason = why_not(body, {**headers, part: bytes(whole)}, SECRET)
        assert reason in ("no_match", "malformed", "timestamp_too_old", "timestamp_in_future")


@pytest.mark.parametrize("timestamp", ["-1", "+1", "1_0", "1.5", "1e3", "nan", "inf", "١٢٣", "9" * 400, "x"])
def test_a_time_that_is_no_number_is_malformed(timestamp: str) -> None:
    body, headers = sent()
    assert why_not(body, {**headers, "webhook-timestamp": timestamp}, SECRET) == "malformed"


@pytest.mark.parametrize("bad", ["v1,", "v1", "v1,é", "v1,abc", "v1a,AAAA", ",", "v1,QUJD", "v1 ,a,b"])
def test_a_malformed_signature_does_not_hide_a_good_one(bad: str) -> None:
    body, headers = sent()
    good = headers["webhook-signature"]
    for both in (f"{bad} {good}", f"{good} {bad}", f"  {bad}  {good}  "):
        assert signing.verify(body, {**headers, "webhook-signature": both}, SECRET)
    assert why_not(body, {**headers, "webhook-signature": bad}, SECRET) == "malformed"


def test_a_signature_is_written_in_one_way_only() -> None:
    body, headers = sent()
    spoilt = headers["webhook-signature"].replace("v1,", "v1,*")
    assert why_not(body, {**headers, "webhook-signature": spoilt}, SECRET) == "malformed"
    spaced = {name: f" {value}\t" for name, value in headers.items()}
    assert signing.verify(body, spaced, SECRET), "space around a header's value is no part of it"


def test_headers_of_every_framework_are_read() -> None:
    body, headers = sent()
    message = email.message.Message()
    for name, value in headers.items():
        message[name.title()] = value
    raw = [(name.upper().encode(), value.encode()) for name, value in headers.items()]
    for form in (
        message,
        raw,
        dict(raw),
        list(headers.items()),
        {name.upper(): v for name, v in headers.items()},
    ):
        assert signing.verify(body, form, SECRET)


def test_while_a_secret_rotates_both_verify_and_the_plain_ones_are_the_old() -> None:
    new, old = signing.new_secret(), signing.new_secret()
    body, headers = sent(new, old)
    for secret in (new, old):
        assert Webhook(secret).verify(body, headers)
        assert signing.verify(body, headers, secret)
    assert signing.verify(body, sent(new, body=body)[1], [old, new])
    assert headers["X-Persona-Signature"] == plain(body, old)
    assert signing.verify_body(body, old)
    for check in (
        lambda: signing.verify_body(body, new),
        lambda: signing.verify(body, headers, signing.new_secret()),
    ):
        with pytest.raises(SignatureError) as caught:
            check()
        assert caught.value.reason == "no_match"


@pytest.mark.parametrize("none", ["", [], [""], ()])
def test_an_empty_secret_never_matches(none: object) -> None:
    """A setting that was forgotten must not let everybody in."""
    body = json.dumps(EVENT).encode()
    forged = base64.b64encode(hmac.digest(b"", b"id.1000." + body, "sha256")).decode()
    headers = {"webhook-id": "id", "webhook-timestamp": "1000", "webhook-signature": f"v1,{forged}"}
    assert why_not(body, headers, none, now=1000) == "no_match"
    assert why_not(body, headers, "whsec_", now=1000) == "no_match"


def test_secrets_and_their_hints() -> None:
    made = signing.new_secret()
    assert made != signing.new_secret()
    assert len(base64.b64decode(made.removeprefix("whsec_"), validate=True)) == 24
    assert signing.signing_secret(made) == made
    assert signing.secret_hint(made) == f"whsec_…{made[-4:]}"
    assert signing.secret_hint("sixteen letters!") == "…ers!"
    assert signing.secret_hint("whsec_short") == "whsec_…"
    assert signing.signing_secret("plain") == "whsec_" + base64.b64encode(b"plain").decode()
    for text in ("whsec_not*base64", "whsec_MfKQ****", "whsec_ünï", "whsec_=", "whsec_"):
        assert signing.signing_secret(text) == "whsec_" + base64.b64encode(text.encode()).decode()


# Whatever is sent


raw_headers = st.dictionaries(
    st.sampled_from(["webhook-id", "Webhook-Timestamp", b"WEBHOOK-SIGNATURE", "x-persona-signature", "é"])
    | st.text(),
    st.text()
    | st.binary()
    | st.none()
    | st.integers()
    | st.sampled_from(["1000", "v1,", "v1," + "A" * 43 + "="]),
)


@given(
    st.binary(), raw_headers | st.lists(st.tuples(st.text(), st.binary())), st.lists(secrets), st.booleans()
)
def test_nothing_but_a_signature_error_is_raised(body, headers, some, whole) -> None:
    for check in (
        lambda: signing.verify(body, headers, some, now=1000),
        lambda: signing.verify_body(body + b'"signature":"sha256=' + b"0" * 64 + b'"}' * whole, some),
    ):
        with pytest.raises(SignatureError):
            check()


@given(st.binary() | st.text().map(str.encode), secrets)
@example(b"[" * 100_000, "deep")
@example(b'{"a":' + b"9" * 5000 + b"}", "long")
def test_signed_bytes_of_any_kind_are_an_event_or_malformed(body: bytes, secret: str) -> None:
    try:
        expected = json.loads(body)
    except (ValueError, RecursionError):
        expected = None
    delivery = sent(secret, body=body)
    if isinstance(expected, dict):
        assert signing.verify(*delivery, secret) == expected
    else:
        assert why_not(*delivery, secret) == "malformed"


# As a receiver without libraries would write it


def python_lines(body: bytes, secret: bytes) -> bool:
    value = json.loads(body)["signature"].encode()
    expected = "sha256=" + hmac.new(secret, body.replace(value, b""), hashlib.sha256).hexdigest()
    return body.count(value) == 1 and hmac.compare_digest(value, expected.encode())


JAVASCRIPT = """
const crypto = require("node:crypto"), fs = require("node:fs");
const body = fs.readFileSync(0), secret = process.argv[1], header = process.argv[2];
const hmac = (bytes) => "sha256=" + crypto.createHmac("sha256", secret).update(bytes).digest("hex");
const same = (a, b) => a.length === b.length && crypto.timingSafeEqual(Buffer.from(a), Buffer.from(b));
const text = body.toString(), [before, after, ...more] = text.split(JSON.parse(text).signature);
console.log(same(header, hmac(body)), more.length === 0 && same(JSON.parse(text).signature, hmac(before + after)));
"""


def test_three_lines_of_python_verify() -> None:
    body, headers = sent()
    header = headers["X-Persona-Signature"]
    assert header == "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert python_lines(body, SECRET.encode())
    assert not python_lines(body.replace(b"evt_1", b"evt_2"), SECRET.encode())
    assert not python_lines(body, b"another")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_three_lines_of_javascript_verify() -> None:
    body, headers = sent()

    def run(body: bytes) -> str:
        command = ["node", "-e", JAVASCRIPT, SECRET, headers["X-Persona-Signature"]]
        return subprocess.run(
            command, input=body, capture_output=True, check=True, timeout=60
        ).stdout.decode()

    assert run(body) == "true true\n"
    assert run(body.replace(b"evt_1", b"evt_2")) == "false false\n"


def test_the_library_says_no_where_we_do() -> None:
    body, headers = sent()
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.signing_secret("another")).verify(body, headers)
    assert why_not(body, headers, "another") == "no_match"


def test_a_body_that_was_read_as_text_is_named():
    """The commonest mistake of receivers has a sentence of its own."""
    with pytest.raises(SignatureError, match="give the bytes as they came"):
        signing.verify("{}", {}, SECRET)
