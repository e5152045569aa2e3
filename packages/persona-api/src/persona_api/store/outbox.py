"""Events for receivers, written in the transaction of what they tell of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from persona_api.clock import instant
from persona_api.store.schema import compact, deliveries, jobs, webhooks
from persona_api.store.sharing import DUE, tell_others
from persona_core.models.events import EVENTS, EventType


def announce(
    connection: Connection, job: str, kind: EventType, sequence: int, data: Mapping[str, Any], now: float
) -> None:
    """Write a delivery for every webhook that wants to hear of this event of a job."""
    owner = select(jobs.c.owner).where(jobs.c.id == job).scalar_subquery()
    those = select(webhooks.c.id, webhooks.c.events).where(
        webhooks.c.owner == owner,
        webhooks.c.enabled.is_(True),
        or_(webhooks.c.job.is_(None), webhooks.c.job == job),
    )
    wanted = [
        id for id, events in connection.execute(those) if not (named := json.loads(events)) or kind in named
    ]
    if not wanted:
        return
    body = _body(kind, f"evt_{job.removeprefix('job_')}_{sequence}", job, sequence, thin(kind, data), now)
    connection.execute(insert(deliveries), [row(id, job, kind, sequence, body, now) for id in wanted])
    tell_others(connection, DUE, "")


def ping(connection: Connection, webhook: str, now: float) -> str:
    """Write a delivery that shows whether a webhook works; gives its id."""
    body = _body("webhook.ping", f"evt_{secrets.token_hex(12)}", None, 0, {}, now)
    delivery = row(webhook, None, "webhook.ping", 0, body, now)
    connection.execute(insert(deliveries), delivery)
    return str(delivery["id"])


def row(webhook: str, job: str | None, kind: str, sequence: int, body: str, now: float) -> dict[str, Any]:
    """A delivery that is due at once."""
    return {
        "id": f"dlv_{secrets.token_hex(12)}",
        "message": f"msg_{secrets.token_hex(12)}",
        "webhook": webhook,
        "job": job,
        "type": kind,
        "sequence": sequence,
        "body": body,
        "status": "pending",
        "tries": 0,
        "due_at": now,
        "claimed_until": 0.0,
        "created_at": now,
    }


def thin(kind: EventType, data: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event's data goes along: a reason, too, may hold a speaker's words."""
    if kind == "persona.created":
        return {"persona_id": data["persona"]["id"]}
    return {name: data[name] for name in EVENTS[kind].figures if name in data}


def _body(kind: str, id: str, job: str | None, sequence: int, data: Mapping[str, Any], now: float) -> str:
    event = {
        "id": id,
        "type": kind,
        "event": kind,
        "job_id": job,
        "sequence": sequence,
        "timestamp": instant(now),
        "text": _text(kind, job, data),
        "data": data,
    }
    return compact(event)


def _text(kind: str, job: str | None, data: Mapping[str, Any]) -> str:
    if kind == "webhook.ping":
        return "Persona: this webhook works"
    what = kind.removeprefix("generation.")
    said = {
        "persona.created": "has a new persona",
        "generation.progress": f"is at {data.get('stage', '')}, {data.get('done', 0)} of {data.get('of', 0)}",
        "generation.completed": f"completed: {_many(data.get('personas', 0))}",
        "generation.failed": f"failed; {_many(data.get('personas', 0))} of it kept",
        "generation.revised": f"was revised: {_many(data.get('personas', 0))}; fetch it again",
    }
    return f"Persona job {job} {said.get(kind, what)}"


def _many(personas: int) -> str:
    return "1 persona" if personas == 1 else f"{personas} personas"
