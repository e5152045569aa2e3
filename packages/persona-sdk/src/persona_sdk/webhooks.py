"""Deliveries of webhooks, checked and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from persona_core.errors import SignatureError
from persona_core.models.webhook import WebhookEvent
from persona_core.signing import verify


def unwrap(
    body: bytes, headers: Mapping[str, str], *, secret: str | Sequence[str], tolerance: float = 300.0
) -> WebhookEvent:
    """Check a delivery's signature and read it; `secret` may be several while one is rotated.

    `body` are the bytes as they came, before anything parsed them; `tolerance` is in seconds. Raises SignatureError, whose
    `reason` says why not.
    """
    event = verify(body, headers, secret, tolerance=tolerance)
    try:
        return WebhookEvent.model_validate(event, extra="ignore")  # a newer server may say more
    except ValueError as error:
        raise SignatureError("malformed") from error
