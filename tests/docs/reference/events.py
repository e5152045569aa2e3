"""What jobs and webhooks tell, with an example of each that a server really sent."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from docs.reference.writing import table
from loopback.server import Loopback
from loopback.synthesis import truthful
from serving import Serving, study, until
from serving.receiver import Received, receiving

from persona_core.models.events import EventType
from persona_core.models.webhook import WHEN, event_types

T = TypeVar("T")
_PRIVATE = {
    "PERSONA_ALLOW_HTTP_WEBHOOKS": "yes",
    "PERSONA_ALLOW_WEBHOOK_NETWORK": "127.0.0.0/8",
    "PERSONA_ALLOW_MODEL": "openai/*",
    "OPENAI_API_KEY": "none",
}
_SAME = {
    "timestamp": "2026-11-22T10:00:00.000Z",
    "duration_seconds": 0.4,
    "signature": "sha256=…",
    "at": "2026-11-22T10:00:00.000Z",
}
"""What differs from run to run, and how the page shows it."""


def types() -> str:
    """Each event and when it is told."""
    streamed = get_args(EventType)
    rows = [(f"`{each}`", "yes" if each in streamed else "no", "yes", WHEN[each]) for each in event_types()]
    return table(("Event", "In streams", "To webhooks", "When"), rows)


@cache
def told() -> tuple[dict[str, dict[str, Any]], dict[str, Received]]:
    """One of each event as a stream gives it, and as a receiver gets it."""
    with _server() as (server, receiver, model):
        with server.client() as client:
            hook = client.post("webhooks", json={"url": f"{receiver.url}/ok"}).json()["id"]
            jobs = [server.wait(server.post_job(each)["id"])["id"] for each in (study(2), _hopeless())]
            client.post(f"generate/{jobs[0]}/withdraw", json={"participant": "P01"}).raise_for_status()
            jobs.append(_cancelled(server, model))
            client.post(f"webhooks/{hook}/ping").raise_for_status()
        # The last job's first: the same each time, in whatever order deliveries come.
        streamed = [each for job in reversed(jobs) for each in server.events(job)]
        until(lambda: len(receiver.at("/ok")) == len(streamed) + 1)
        came = sorted(receiver.at("/ok"), key=lambda each: _turn(json.loads(each.body), jobs))
        return _firsts((each["type"], each) for each in streamed), _firsts(
            (each.headers["x-persona-event"], each) for each in came
        )


def _turn(event: Mapping[str, Any], jobs: list[str]) -> tuple[int, int]:
    return -jobs.index(event["job_id"]) if event["job_id"] else 1, event["sequence"]


def _firsts(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, each in named:
        found.setdefault(name, each)
    return found


@contextmanager
def _server() -> Iterator[tuple[Serving, Any, Loopback]]:
    with tempfile.TemporaryDirectory() as name, receiving() as receiver, Loopback(answer=truthful) as model:
        settings = {**_PRIVATE, "OPENAI_BASE_URL": model.url, "HOME": name, "PATH": os.environ["PATH"]}
        with Serving(Path(name), **settings) as server:
            yield server, receiver, model


def _hopeless() -> dict[str, Any]:
    return study(2, options={"group_by": "shoe size"})


def _cancelled(server: Serving, model: Loopback) -> str:
    model.fault = "hang"
    job: str = server.post_job(study(2, model="openai/slow"))["id"]
    until(lambda: model.in_flight)
    with server.client() as client:
        client.post(f"generate/{job}/cancel").raise_for_status()
    return job


def events() -> str:
    """Each event with an example."""
    streamed, delivered = told()
    parts = []
    for kind in event_types():
        parts.append(f"### {kind}\n\n{WHEN[kind]}")
        if kind in streamed:
            parts.append(f"In a stream:\n\n```json\n{_shown(streamed[kind])}\n```")
        parts.append(f"To a webhook:\n\n```json\n{_shown(json.loads(delivered[kind].body))}\n```")
    return "\n\n".join(parts)


def headers() -> str:
    """The headers of a delivery, as they came."""
    said = {
        "webhook-id": "The same over all attempts at this delivery: keep it, to take nothing twice.",
        "webhook-timestamp": "Of this attempt, in seconds since 1970.",
        "webhook-signature": "`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body` (Standard Webhooks); two of them, parted by a space, while a secret rotates.",
        "x-persona-event": "The type.",
        "x-persona-signature": "`sha256=` and the HMAC-SHA256 of the body, in hexadecimal.",
        "content-type": "Always `application/json`.",
        "user-agent": "Who sends.",
    }
    came = next(iter(told()[1].values())).headers
    assert all(name in came for name in said), sorted(came)
    return table(("Header", "What it holds"), ((f"`{name}`", text) for name, text in said.items()))


def _shown(event: Mapping[str, Any]) -> str:
    return json.dumps(_same(event), indent=2, ensure_ascii=False)


def _same(value: Any, key: str = "") -> Any:
    """A value without what differs from run to run, and a persona by its beginning."""
    if key in _SAME:
        return _SAME[key]
    if isinstance(value, dict):
        kept = ("id", "name", "title", "participants") if key == "persona" else tuple(value)
        return {each: _same(value[each], each) for each in kept if each in value} | (
            {"…": "…"} if key == "persona" else {}
        )
    if isinstance(value, list):
        return [_same(each) for each in value]
    if isinstance(value, str):
        value = re.sub(r"http://127\.0\.0\.1:\d+", "http://localhost:8000", value)
        return re.sub(r"\b(job|evt|dlv|whk)_\w+", r"\1_…", value)
    return value
