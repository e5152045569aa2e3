"""Webhooks over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from starlette.responses import Response

from persona_api.clock import instant
from persona_api.operations.operation import Call, json_response
from persona_api.operations.paging import PageQuery, cursor_of, number_of
from persona_core.models.noun import Noun
from persona_core.models.webhook import (
    Attempt,
    Delivery,
    DeliveryPage,
    Webhook,
    WebhookCreated,
    WebhookInput,
    WebhookPage,
)
from persona_core.signing import signing_secret

_MASK = "•••"


async def create(call: Call) -> Response:
    """Keep a webhook; its secret is shown this once."""
    asked: WebhookInput = call.body
    row, secret = await call.server.webhooks.create(asked, call.caller.id)
    return _shown(call, row, secret, 201, {"Location": call.link(f"/webhooks/{row.id}")})


async def page(call: Call) -> Response:
    """Webhooks, newest first."""
    query: PageQuery = call.query
    rows = await call.server.webhooks.page(call.caller.owner, number_of(query.cursor), query.limit)
    shown = rows[: query.limit]
    more = cursor_of(shown[-1].number) if len(rows) > query.limit else None
    return _json(WebhookPage(data=tuple(said(call, row) for row in shown), next_cursor=more))


async def get(call: Call) -> Response:
    """A webhook, without its secret."""
    return _json(said(call, await call.server.webhooks.get(call.path("id"), call.caller.owner)))


async def change(call: Call) -> Response:
    """Change what is named."""
    return _json(
        said(
            call,
            await call.server.webhooks.change(call.path("id"), call.caller.owner, call.caller.id, call.body),
        )
    )


async def delete(call: Call) -> Response:
    """Delete a webhook with its deliveries."""
    await call.server.webhooks.delete(call.path("id"), call.caller.owner, call.caller.id)
    return Response(status_code=204)


async def ping(call: Call) -> Response:
    """Send something at once."""
    delivery, attempts = await call.server.webhooks.ping(call.path("id"), call.caller.owner)
    return _json(_delivery(delivery, attempts), 202)


async def rotate(call: Call) -> Response:
    """Make a new secret; it is shown this once."""
    row, secret = await call.server.webhooks.rotate(call.path("id"), call.caller.owner, call.caller.id)
    return _shown(call, row, secret, 200, {})


async def deliveries(call: Call) -> Response:
    """Deliveries with their attempts, newest first."""
    query: PageQuery = call.query
    before, limit = number_of(query.cursor), query.limit
    found = await call.server.webhooks.deliveries(call.path("id"), call.caller.owner, before, limit)
    shown = found[:limit]
    more = cursor_of(shown[-1][0].number) if len(found) > limit else None
    return _json(DeliveryPage(data=tuple(_delivery(*each) for each in shown), next_cursor=more))


async def redeliver(call: Call) -> Response:
    """Deliver again, under the same `webhook-id`."""
    found = await call.server.webhooks.redeliver(call.path("id"), call.caller.owner, call.path("delivery_id"))
    return _json(_delivery(*found), 202)


def said(call: Call, row: Row[Any]) -> Webhook:
    """A webhook as it may be shown."""
    return Webhook(**_fields(call, row))


def created(call: Call, row: Row[Any], secret: str) -> WebhookCreated:
    """A webhook with its secret."""
    return WebhookCreated(**_fields(call, row), secret=secret, signing_secret=signing_secret(secret))


def _fields(call: Call, row: Row[Any]) -> dict[str, Any]:
    headers = json.loads(call.server.webhooks.seal.open(row.headers))
    return {
        "id": row.id,
        "url": row.url,
        "events": tuple(json.loads(row.events)),
        "enabled": row.enabled,
        "disabled_reason": row.disabled_reason,
        "headers": dict.fromkeys(headers, _MASK),
        "secret_hint": row.hint,
        "job_id": row.job,
        "created_at": instant(row.created_at),
    }


def _delivery(row: Row[Any], attempts: Sequence[Row[Any]]) -> Delivery:
    return Delivery.model_validate(
        {
            "id": row.id,
            "webhook_id": row.message,
            "event": row.type,
            "job_id": row.job,
            "sequence": row.sequence,
            "status": row.status,
            "next_attempt_at": instant(row.due_at) if row.status == "pending" else None,
            "created_at": instant(row.created_at),
            "attempts": tuple(
                Attempt.model_validate(
                    {
                        "at": instant(each.at),
                        "status": each.status,
                        "error": each.error,
                        "duration_seconds": each.duration,
                        "excerpt": each.excerpt,
                    }
                )
                for each in attempts
            ),
        }
    )


def _shown(call: Call, row: Row[Any], secret: str, status: int, headers: dict[str, str]) -> Response:
    return json_response(created(call, row, secret).model_dump_json(), status, headers)


def _json(noun: Noun, status: int = 200) -> Response:
    return json_response(noun.model_dump_json(), status)
