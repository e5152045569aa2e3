"""What goes over the wire of webhooks: who is told of what, and what came of telling them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator

from persona_core.models.events import EVENTS, EventType
from persona_core.models.noun import Noun

WebhookEventType = Literal[EventType, "webhook.ping"]

WHEN: Mapping[WebhookEventType, str] = {
    **{kind: each.when for kind, each in EVENTS.items()},
    "webhook.ping": "Somebody asked whether a webhook arrives. Belongs to no job, and is in no stream.",
}
"""When each event is sent, and what it says."""


def event_types() -> tuple[WebhookEventType, ...]:
    """The names of all events."""
    return get_args(WebhookEventType)


Url = Annotated[str, Field(min_length=1, max_length=2048)]
Secret = Annotated[str, Field(min_length=16, max_length=512)]
_NOT_THEIRS = frozenset(
    "connection content-length content-type expect host transfer-encoding upgrade te trailer keep-alive "
    "proxy-authenticate proxy-authorization accept-encoding".split()
)
_MOST_HEADERS, _LONGEST_HEADER = 20, 2000


def _checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    if len(headers) > _MOST_HEADERS:
        raise ValueError(f"a webhook has at most {_MOST_HEADERS} headers")
    for name, value in headers.items():
        plain = name.lower()
        if not name or not all(each.isascii() and (each.isalnum() or each in "-_") for each in name):
            raise ValueError(f"“{name[:60]}” is no name of a header")
        if plain in _NOT_THEIRS or plain.startswith(("webhook-", "x-persona-")):
            raise ValueError(f"the header {name} is the server's own")
        if (
            len(value) > _LONGEST_HEADER
            or value != value.strip()
            or not (value.isascii() and value.isprintable())
        ):
            raise ValueError(f"the value of {name} is not what a header can hold")
    return headers


class WebhookInput(Noun):
    """A receiver that is to be told."""

    url: Url
    """Where events are sent: https, unless the server allows more. Its address is checked, now and at every attempt."""
    events: Annotated[tuple[WebhookEventType, ...], Field(max_length=20)] = ()
    """Which events; all where none are named."""
    secret: Secret | None = None
    """What deliveries are signed with; one is made, and shown once, where none is given."""
    headers: Mapping[str, str] = {}
    """Sent along with every delivery, for gateways that want a token; 20 at most, and none that the server sets itself."""

    _headers = field_validator("headers")(_checked_headers)


class WebhookPatch(Noun):
    """What is to change; what is not named stays."""

    url: Url | None = None
    """Checked as at the beginning."""
    events: Annotated[tuple[WebhookEventType, ...], Field(max_length=20)] | None = None
    """In place of those before; an empty list means all."""
    enabled: bool | None = None
    """Whether it is sent anything."""
    headers: Mapping[str, str] | None = None
    """In place of those before, all of them; `{}` sends none."""

    @field_validator("headers")
    @classmethod
    def _headers(cls, headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
        return None if headers is None else _checked_headers(headers)


class Webhook(Noun):
    """A receiver; its secret is not shown."""

    id: str
    """`whk_…`."""
    url: str
    """Where it is sent."""
    events: tuple[WebhookEventType, ...] = ()
    """All where none are named."""
    enabled: bool = True
    """Whether it is sent anything."""
    disabled_reason: str | None = None
    """Why the server disabled it; nothing where its owner did."""
    headers: Mapping[str, str] = {}
    """What is sent along; the values are masked."""
    secret_hint: str = ""
    """Enough of the secret to tell it from another: its last four characters, of a long one."""
    job_id: str | None = None
    """The one job that it is told of, where it came with that job."""
    created_at: datetime


class WebhookCreated(Webhook):
    """A receiver with its secret, this once."""

    secret: str
    """What deliveries are signed with. Keep it now; nobody is shown it again."""
    signing_secret: str
    """The same as libraries for Standard Webhooks take it."""


class WebhookPage(Noun):
    """Some webhooks, newest first."""

    data: tuple[Webhook, ...]
    next_cursor: str | None = None
    """Give it as `cursor` for the next page; nothing after the last."""


class Attempt(Noun):
    """One try at a delivery."""

    at: datetime
    """When it began, in UTC."""
    status: int | None = None
    """What the receiver answered; nothing where it did not."""
    error: str | None = None
    """`timeout`, `refused`, `tls`, `reset`, `protocol`, `address_refused` or `unresolvable`, where no answer came."""
    duration_seconds: float
    """Until the answer or the error."""
    excerpt: str = ""
    """The first KiB of the answer."""


class Delivery(Noun):
    """One event for one webhook."""

    id: str
    """`dlv_…`: what `redeliver` takes."""
    webhook_id: str
    """What the header `webhook-id` says: the same over all attempts."""
    event: WebhookEventType
    """What it tells of."""
    job_id: str | None = None
    """The job that it tells of; nothing for a ping."""
    sequence: int = 0
    """Of the event in its job."""
    status: Literal["pending", "delivered", "failed"]
    """`pending` until it arrived, or was given up."""
    next_attempt_at: datetime | None = None
    """While it is pending; nothing afterwards."""
    created_at: datetime
    """When the event happened, in UTC."""
    attempts: tuple[Attempt, ...] = ()
    """Oldest first."""


class DeliveryPage(Noun):
    """Some deliveries, newest first."""

    data: tuple[Delivery, ...]
    next_cursor: str | None = None
    """Give it as `cursor` for the next page; nothing after the last."""


class WebhookEvent(Noun):
    """The body of a delivery, as a receiver reads it."""

    id: str
    """The same wherever it is sent."""
    type: WebhookEventType
    """What happened."""
    event: WebhookEventType
    """The same as `type`."""
    job_id: str | None = None
    """The job that it tells of; nothing for a ping."""
    sequence: int
    """Of the job, from 1; 0 for a ping."""
    timestamp: datetime
    """When it happened, in UTC; when it was sent is in the header `webhook-timestamp`."""
    text: str
    """A line that chat tools show as it is; holds no names."""
    data: Mapping[str, Any] = {}
    """Figures and ids; `job_url` leads to the rest."""
    signature: str = ""
    """`sha256=…` over the body with this value left empty."""
