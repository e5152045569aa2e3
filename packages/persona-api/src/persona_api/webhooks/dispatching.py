"""Getting deliveries to their receivers: in time, fairly, again and again, and never where they should not go."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import anyio
import anyio.abc
from sqlalchemy import Connection, Row

from persona_api import faults
from persona_api.addresses import AddressPolicy, AddressRefused, Resolver, checked, look_up
from persona_api.sending import Answer, deliver
from persona_api.store import Database
from persona_api.store import webhooks as rows
from persona_api.store.sharing import moment
from persona_api.webhooks.sealing import Seal
from persona_core.errors import ConfigurationError
from persona_core.signing import headers as signed_headers
from persona_core.signing import signed_body

_log = logging.getLogger("persona_api.webhooks")
_DEADLINE = 15.0
"""Seconds for one attempt."""
_JITTER = 0.1
_HELD, _RENEWED = 10.0, 3.0
"""Seconds for which a delivery is a process's that shares the database, and after which it says so again."""
_SIDE_BY_SIDE, _OF_ONE = 64, 4
"""Attempts at once, of all receivers and of one."""
_LONGEST_WAIT = 86_400.0
"""Seconds that a receiver may ask for with Retry-After."""
_GIVE_UP = 5 * 86_400.0
"""Seconds of failure after which a webhook is disabled."""
_LONGEST_SLEEP, _SHARED_SLEEP = 3600.0, 5.0
"""Seconds between two looks; shorter where another process may have left something to deliver, and died."""
_GONE = 410


@dataclass(frozen=True, slots=True)
class Sending:
    """How deliveries are sent."""

    policy: AddressPolicy
    base_url: str
    """What `data.job_url` begins with."""
    schedule: tuple[float, ...]
    """Seconds from one attempt to the next."""
    resolver: Resolver = look_up


class Dispatcher:
    """Sends what is due: several receivers side by side, at most one delivery at a time of each job and receiver.

    A delivery is at least once: only an attempt that was in flight when the server died is made again.
    """

    def __init__(self, database: Database, seal: Seal, sending: Sending, now: Callable[[], float]) -> None:
        self._database, self._seal, self._sending, self._now = database, seal, sending, now
        self._wake = anyio.Event()
        self._under_way: set[str] = set()
        self._hold = _HELD if database.shared else 4 * _DEADLINE
        self._ending = False

    def due(self) -> None:
        """Say that there is something to deliver; on the server's event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver, for ever; what an earlier server had under way first, unless that may be another's that lives.

        Without a key nothing can be signed: those deliver who have one.
        """
        if self._seal.empty:
            return
        if not self._database.shared:
            await self._database.insist(_log, rows.unclaim)
        async with anyio.create_task_group() as tasks:
            if self._database.shared:
                tasks.start_soon(self._renew)
            while not self._ending:
                self._wake = anyio.Event()
                try:
                    await self._round(tasks)
                except Exception as error:  # noqa: BLE001 - whatever it is, deliveries go on
                    faults.note(_log, "deliveries could not be looked for; they are in a second", error, {})
                    await anyio.sleep(1.0)

    async def drain(self, patience: float) -> None:
        """Begin nothing more, and let what is under way end: an attempt that is cut off is made again."""
        self._ending = True
        with anyio.move_on_after(patience):
            while self._under_way:  # noqa: ASYNC110 - each wakes `run`, which is no longer there
                await anyio.sleep(0.02)

    async def _round(self, tasks: anyio.abc.TaskGroup) -> None:
        for delivery in await self._database.insist(_log, self._claim):
            self._under_way.add(delivery.id)
            tasks.start_soon(self._one, delivery)
        with anyio.move_on_after(await self._pause()):
            await self._wake.wait()

    def _claim(self, connection: Connection) -> list[Row[Any]]:
        room = _SIDE_BY_SIDE - len(self._under_way)
        if room <= 0 or self._ending:
            return []
        now = moment(connection, self._now)
        return rows.claim(connection, self._under_way, now, now + self._hold, _OF_ONE, room)

    async def _renew(self) -> None:
        """Say again and again what is under way here: what a process that died had under way is soon others'."""
        while True:
            await anyio.sleep(_RENEWED)
            if self._under_way:
                await self._database.insist(_log, self._renewed)

    def _renewed(self, connection: Connection) -> None:
        rows.renew(connection, tuple(self._under_way), moment(connection, self._now) + self._hold)

    async def _pause(self) -> float:
        """Seconds until the next delivery is due; where some are now, an attempt that ends wakes us, or who makes it."""
        first = await self._database.look(rows.next_due)
        shared = self._database.shared
        longest = _SHARED_SLEEP if shared else _LONGEST_SLEEP
        wait = longest if first is None else first - self._now()
        if wait > 0:
            return min(longest, wait)
        return 1.0 if self._under_way or shared else 0.05

    async def _one(self, delivery: Row[Any]) -> None:
        try:
            webhook = await self._database.look(lambda connection: rows.get(connection, delivery.webhook))
            if webhook is not None:
                begun = self._now()
                answer, error = await self._attempt(webhook, delivery)
                kept = partial(
                    self._note, webhook=webhook, delivery=delivery, answer=answer, error=error, begun=begun
                )
                await self._database.insist(_log, kept)
        except Exception as error:  # noqa: BLE001 - one delivery takes no other with it; it is due again when its claim ends
            faults.note(_log, f"a delivery to {delivery.webhook} went wrong", error, {})
        finally:
            self._under_way.discard(delivery.id)
            self._wake.set()

    async def _attempt(self, webhook: Row[Any], delivery: Row[Any]) -> tuple[Answer, str | None]:
        """One try: its answer, and the kind of its failure where no answer came.

        Raises ConfigurationError where others, with another key, may be able to sign it.
        """
        try:
            body, headers = self._signed(webhook, delivery)
            target = await checked(webhook.url, self._sending.policy, self._sending.resolver)
            answer = await deliver(target, body=body, headers=headers, deadline=_DEADLINE)
        except AddressRefused as error:
            return Answer(None, b"", 0.0, None, None), error.kind
        except ConfigurationError as error:
            _log.error("a delivery cannot be signed: %s", error)
            if self._database.shared:
                raise
            return Answer(None, b"", 0.0, None, None), "protocol"
        except Exception as error:  # noqa: BLE001 - a receiver may answer anything
            faults.note(_log, f"an attempt at a delivery to {webhook.id} went wrong", error, {})
            return Answer(None, b"", 0.0, None, None), "protocol"
        return answer, answer.failure

    def _signed(self, webhook: Row[Any], delivery: Row[Any]) -> tuple[bytes, dict[str, str]]:
        now, secrets = self._now(), [self._seal.open(webhook.secret)]
        if webhook.old_secret is not None and webhook.old_until > now:
            secrets.append(self._seal.open(webhook.old_secret))
        event = json.loads(delivery.body)
        if delivery.job is not None:
            job_url = f"{self._sending.base_url}/api/v1/generate/{delivery.job}"
            event["data"] = {"job_url": job_url, **event["data"]}
        body = signed_body(event, secrets[-1])
        own = json.loads(self._seal.open(webhook.headers))
        ours = signed_headers(
            body, webhook_id=delivery.message, event=delivery.type, secrets=secrets, at=int(time.time())
        )  # by the wall's clock, as receivers read theirs
        return body, {**own, **ours}

    def _note(
        self,
        connection: Connection,
        webhook: Row[Any],
        delivery: Row[Any],
        answer: Answer,
        error: str | None,
        begun: float,
    ) -> None:
        """Keep what came of an attempt, and decide what comes next."""
        current = rows.held(connection, webhook.id)
        now, tries = self._now(), delivery.tries + 1
        delivered = answer.status is not None and 200 <= answer.status < 300
        values: dict[str, Any] = {"tries": tries}
        if delivered:
            values |= {"status": "delivered", "completed_at": now}
        elif tries > len(self._sending.schedule) or answer.status == _GONE:
            values |= {"status": "failed", "completed_at": now}
        else:
            values["due_at"] = now + self._wait(tries, answer)
        attempt = {
            "at": begun,
            "status": answer.status,
            "error": error,
            "duration": round(answer.duration, 3),
            "excerpt": answer.excerpt.decode("utf-8", "replace").replace("\0", ""),
        }
        if rows.note(connection, delivery, attempt, values):
            self._judge(connection, webhook, current, answer, delivered=delivered)

    def _wait(self, tries: int, answer: Answer) -> float:
        planned = self._sending.schedule[tries - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load
        return max(planned, min(_LONGEST_WAIT, _asked_for(answer.retry_after, self._now())))

    def _judge(
        self,
        connection: Connection,
        asked: Row[Any],
        webhook: Row[Any] | None,
        answer: Answer,
        *,
        delivered: bool,
    ) -> None:
        """Whether a receiver has failed for so long, or said that it is gone, that it is left alone.

        `asked` is the webhook as it was when it was asked: one that has another address by now is not judged by it.
        """
        now = self._now()
        if webhook is None or webhook.url != asked.url:
            return
        if delivered:
            if webhook.failing_since is not None:
                rows.change(connection, webhook.id, {"failing_since": None})
            return
        reason = None
        if answer.status == _GONE:
            reason = "the receiver answered 410: it is gone for good"
        elif webhook.failing_since is not None and now - webhook.failing_since >= _GIVE_UP:
            reason = "nothing could be delivered for five days"
        values: dict[str, Any] = {} if webhook.failing_since is not None else {"failing_since": now}
        if reason is not None:
            values |= {"enabled": False, "disabled_reason": reason}
        if values:
            rows.change(connection, webhook.id, values)


def _asked_for(retry_after: str | None, now: float) -> float:
    """Seconds that a Retry-After asks for: a number, or a date; none where it is neither."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 0.0
