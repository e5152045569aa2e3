"""Webhooks from their registration to their deletion."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from persona_api.addresses import AddressPolicy, AddressRefused, checked
from persona_api.problems import ProblemError, wrong
from persona_api.store import Database, keys, outbox
from persona_api.store import webhooks as rows
from persona_api.webhooks.sealing import Seal
from persona_core.models.webhook import WebhookInput, WebhookPatch
from persona_core.signing import new_secret, secret_hint

_MOST = 100
"""Webhooks of a key."""
OVERLAP = 24 * 3600.0
"""Seconds for which an old secret signs beside the new one."""


class Webhooks:
    """Every change of a webhook that is not the dispatcher's."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        policy: AddressPolicy,
        now: Callable[[], float],
        due: Callable[[], None],
    ) -> None:
        """`due` is called when there is something to deliver."""
        self._database, self.seal, self._policy = database, seal, policy
        self._now, self._due = now, due

    async def check(self, url: str, pointer: str = "/url") -> None:
        """Judge where a webhook leads. Raises ProblemError."""
        try:
            await checked(url, self._policy)
        except AddressRefused as error:
            raise wrong(pointer, str(error)) from None

    def values(self, asked: WebhookInput, owner: str, job: str | None = None) -> tuple[dict[str, Any], str]:
        """A row for a webhook, and its secret."""
        secret = asked.secret or new_secret()
        return {
            "id": f"whk_{secrets.token_hex(12)}",
            "owner": owner,
            "job": job,
            "url": asked.url,
            "events": json.dumps(asked.events),
            "headers": self.seal.close(json.dumps(dict(asked.headers))),
            "secret": self.seal.close(secret),
            "hint": secret_hint(secret),
            "enabled": True,
            "created_at": self._now(),
        }, secret

    async def create(self, asked: WebhookInput, owner: str) -> tuple[Row[Any], str]:
        """Keep a webhook; gives its row and its secret, which nobody is shown again."""
        await self.check(asked.url)
        values, secret = self.values(asked, owner)

        def work(connection: Connection) -> None:
            if rows.count(connection, owner) >= _MOST:
                raise ProblemError(422, f"a key has at most {_MOST} webhooks: delete one first")
            rows.add(connection, values)
            keys.log(connection, owner, "webhook.create", None, self._now())

        await self._database.write(work, durable=True)
        return await self.get(values["id"], owner), secret

    async def get(self, id: str, owner: str | None) -> Row[Any]:
        """A webhook of an owner, or of anybody. Raises ProblemError where there is none."""
        return self._mine(await self._database.read(lambda connection: rows.get(connection, id)), owner, id)

    def _mine(self, row: Row[Any] | None, owner: str | None, id: str) -> Row[Any]:
        if row is None or (owner is not None and row.owner != owner):
            raise ProblemError(404, f"there is no webhook {json.dumps(id[:60])}")
        return row

    async def page(self, owner: str | None, before: int | None, limit: int) -> Sequence[Row[Any]]:
        """Webhooks, newest first; one more than `limit` where there are more."""
        return await self._database.look(lambda connection: rows.page(connection, owner, before, limit + 1))

    async def change(self, id: str, owner: str | None, who: str, patch: WebhookPatch) -> Row[Any]:
        """Change what is named; enabling forgets why it was disabled. `who` does it, the owner or an admin."""
        if patch.url is not None:
            await self.check(patch.url)
        given = patch.model_dump(exclude_none=True, include={"url", "enabled"})
        values: dict[str, Any] = dict(given)
        if patch.events is not None:
            values["events"] = json.dumps(patch.events)
        if patch.headers is not None:
            values["headers"] = self.seal.close(json.dumps(dict(patch.headers)))
        if patch.enabled is not None:
            values |= {"disabled_reason": None, "failing_since": None}
        await self._changed(id, owner, who, values)
        self._due()
        return await self.get(id, owner)

    async def _changed(self, id: str, owner: str | None, who: str, values: dict[str, Any]) -> None:
        def work(connection: Connection) -> None:
            self._mine(rows.held(connection, id), owner, id)
            if values:
                rows.change(connection, id, values)
            keys.log(connection, who, "webhook.change", None, self._now())

        await self._database.write(work, durable=True)

    async def delete(self, id: str, owner: str | None, who: str) -> None:
        """Delete a webhook with its deliveries."""

        def work(connection: Connection) -> None:
            self._mine(rows.held(connection, id), owner, id)
            rows.remove(connection, id)
            keys.log(connection, who, "webhook.delete", None, self._now())

        await self._database.write(work, durable=True)

    async def rotate(self, id: str, owner: str | None, who: str) -> tuple[Row[Any], str]:
        """Make a new secret; the old one signs beside it for a day."""
        secret = new_secret()

        def work(connection: Connection) -> None:
            row = self._mine(rows.held(connection, id), owner, id)
            values = {
                "secret": self.seal.close(secret),
                "hint": secret_hint(secret),
                "old_secret": row.secret,
                "old_until": self._now() + OVERLAP,
            }
            rows.change(connection, id, values)
            keys.log(connection, who, "webhook.rotate", None, self._now())

        await self._database.write(work, durable=True)
        return await self.get(id, owner), secret

    async def ping(self, id: str, owner: str | None) -> tuple[Row[Any], Sequence[Row[Any]]]:
        """Send something at once that shows whether it works; gives the delivery."""

        def work(connection: Connection) -> str:
            row = self._mine(rows.held(connection, id), owner, id)
            if not row.enabled:
                raise ProblemError(409, "this webhook is disabled: enable it first")
            return outbox.ping(connection, id, self._now())

        delivery = await self._database.write(work, durable=True)
        self._due()
        return await self._delivery(id, delivery), ()

    async def deliveries(
        self, id: str, owner: str | None, before: int | None, limit: int
    ) -> Sequence[tuple[Row[Any], Sequence[Row[Any]]]]:
        """Deliveries with their attempts, newest first; one more than `limit` where there are more."""
        await self.get(id, owner)
        return await self._database.look(
            lambda connection: rows.deliveries_of(connection, id, before, limit + 1)
        )

    async def redeliver(
        self, id: str, owner: str | None, delivery: str
    ) -> tuple[Row[Any], Sequence[Row[Any]]]:
        """Deliver again, under the same message id."""

        def work(connection: Connection) -> None:
            row = self._mine(rows.held(connection, id), owner, id)
            if rows.delivery(connection, id, delivery) is None:
                raise _no_delivery(delivery)
            if not row.enabled:
                raise ProblemError(409, "this webhook is disabled: enable it first")
            rows.again(connection, delivery, self._now())

        await self._database.write(work, durable=True)
        self._due()
        return await self._delivery(id, delivery), await self._database.read(
            lambda connection: rows.attempts_at(connection, delivery)
        )

    async def _delivery(self, id: str, delivery: str) -> Row[Any]:
        row = await self._database.read(lambda connection: rows.delivery(connection, id, delivery))
        if row is None:
            raise _no_delivery(delivery)
        return row


def _no_delivery(delivery: str) -> ProblemError:
    return ProblemError(404, f"there is no delivery {json.dumps(delivery[:60])} of this webhook")
