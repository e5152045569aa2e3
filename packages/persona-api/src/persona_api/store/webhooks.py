"""Webhooks and their deliveries as rows: each function is one step of a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from persona_api.store.schema import attempts, deliveries, webhooks
from persona_api.store.sharing import DELIVERIES, alone

_DUE = (deliveries.c.status == "pending",)


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a webhook."""
    connection.execute(insert(webhooks), dict(values))


def get(connection: Connection, id: str) -> Row[Any] | None:
    """A webhook's row."""
    return connection.execute(select(webhooks).where(webhooks.c.id == id)).first()


def held(connection: Connection, id: str) -> Row[Any] | None:
    """A webhook's row, which nobody else changes until the transaction ends."""
    return connection.execute(select(webhooks).where(webhooks.c.id == id).with_for_update()).first()


def page(connection: Connection, owner: str | None, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """Webhooks of all jobs, newest first: of one owner, or of all; below a number."""
    wanted = select(webhooks).where(webhooks.c.job.is_(None)).order_by(webhooks.c.number.desc()).limit(limit)
    if owner is not None:
        wanted = wanted.where(webhooks.c.owner == owner)
    return connection.execute(wanted if before is None else wanted.where(webhooks.c.number < before)).all()


def count(connection: Connection, owner: str) -> int:
    """How many webhooks of all jobs an owner has."""
    those = select(func.count()).where(webhooks.c.owner == owner, webhooks.c.job.is_(None))
    return connection.execute(those).scalar_one()


def change(connection: Connection, id: str, values: Mapping[str, Any]) -> None:
    """Change a webhook."""
    connection.execute(update(webhooks).where(webhooks.c.id == id).values(**values))


def remove(connection: Connection, id: str) -> None:
    """Delete a webhook with its deliveries."""
    connection.execute(delete(webhooks).where(webhooks.c.id == id))


def deliveries_of(
    connection: Connection, webhook: str, before: int | None, limit: int
) -> Sequence[tuple[Row[Any], Sequence[Row[Any]]]]:
    """Deliveries of a webhook, newest first, each with its attempts, oldest first."""
    wanted = select(deliveries).where(deliveries.c.webhook == webhook)
    wanted = wanted if before is None else wanted.where(deliveries.c.number < before)
    rows = connection.execute(wanted.order_by(deliveries.c.number.desc()).limit(limit)).all()
    return [(row, attempts_at(connection, row.id)) for row in rows]


def attempts_at(connection: Connection, delivery: str) -> Sequence[Row[Any]]:
    """The attempts at a delivery, oldest first."""
    those = select(attempts).where(attempts.c.delivery == delivery).order_by(attempts.c.number)
    return connection.execute(those).all()


def delivery(connection: Connection, webhook: str, id: str) -> Row[Any] | None:
    """A delivery of a webhook."""
    those = select(deliveries).where(deliveries.c.id == id, deliveries.c.webhook == webhook)
    return connection.execute(those).first()


def again(connection: Connection, id: str, now: float) -> None:
    """Let a delivery be due anew, under the same message id; an attempt under way is let be, and another follows."""
    values = {"status": "pending", "tries": 0, "due_at": now, "completed_at": None}
    connection.execute(update(deliveries).where(deliveries.c.id == id).values(**values))


def unclaim(connection: Connection) -> int:
    """Let go of what a server that died had under way."""
    return connection.execute(
        update(deliveries).where(deliveries.c.claimed_until > 0).values(claimed_until=0.0)
    ).rowcount


def claim(
    connection: Connection, mine: Collection[str], now: float, until: float, each: int, most: int
) -> list[Row[Any]]:
    """Take due deliveries: a few of each receiver that has room, one of each job and receiver; none while others take some.

    `mine` are under way here, and not taken again even where nobody could be told of that for long.

    Receivers that nobody is asking come first, and one that fails is asked one thing at a time, so that those that do not
    answer leave room for the others.
    """
    if not alone(connection, DELIVERIES):
        return []
    held = select(deliveries.c.webhook, deliveries.c.job).where(deliveries.c.claimed_until > now)
    engaged = [(webhook, job) for webhook, job in connection.execute(held)]
    busy = Counter(webhook for webhook, _ in engaged)
    taken: list[Row[Any]] = []
    for receiver in sorted(_receivers(connection, now), key=lambda receiver: busy[receiver.webhook]):
        if len(taken) >= most:
            break
        allowed = each if receiver.failing is None else 1
        room = min(allowed - busy[receiver.webhook], most - len(taken))
        if room > 0:
            found = _of_receiver(connection, receiver.webhook, engaged, now, room)
            taken += [row for row in found if row.id not in mine]
    if taken:
        ids = [row.id for row in taken]
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(claimed_until=until))
    return taken


def _receivers(connection: Connection, now: float) -> Sequence[Row[Any, Any, Any]]:
    """Who is to get something now, with since when they fail; who has waited longest first."""
    waiting = select(
        deliveries.c.webhook,
        func.min(deliveries.c.due_at).label("first"),
        func.max(webhooks.c.failing_since).label("failing"),
    ).join(webhooks, webhooks.c.id == deliveries.c.webhook)
    waiting = waiting.where(
        *_DUE, deliveries.c.due_at <= now, deliveries.c.claimed_until <= now, webhooks.c.enabled.is_(True)
    )
    return connection.execute(waiting.group_by(deliveries.c.webhook).order_by("first")).all()


def _of_receiver(
    connection: Connection, webhook: str, engaged: Collection[tuple[str, str | None]], now: float, room: int
) -> list[Row[Any]]:
    due = select(deliveries).where(
        *_DUE, deliveries.c.webhook == webhook, deliveries.c.due_at <= now, deliveries.c.claimed_until <= now
    )
    held = {job for id, job in engaged if id == webhook}
    found: list[Row[Any]] = []
    for row in connection.execute(due.order_by(deliveries.c.due_at, deliveries.c.number).limit(room * 20)):
        if len(found) >= room:
            break
        if row.job is None or row.job not in held:
            found.append(row)
            held.add(row.job)
    return found


def renew(connection: Connection, those: Collection[str], until: float) -> None:
    """Keep deliveries that are under way, for longer; those that ended meanwhile are nobody's."""
    held = update(deliveries).where(deliveries.c.id.in_(those), deliveries.c.claimed_until > 0)
    connection.execute(held.values(claimed_until=until))


def next_due(connection: Connection) -> float | None:
    """When the next delivery to an enabled receiver is due."""
    first = select(func.min(deliveries.c.due_at)).join(webhooks, webhooks.c.id == deliveries.c.webhook)
    return connection.execute(first.where(*_DUE, webhooks.c.enabled.is_(True))).scalar()


def note(
    connection: Connection, delivery: Row[Any], attempt: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """Keep what came of an attempt; gives whether the delivery is still there.

    One that was asked for again meanwhile stays due.
    """
    this = update(deliveries).where(deliveries.c.id == delivery.id)
    as_claimed = this.where(deliveries.c.due_at == delivery.due_at)
    for step in (as_claimed.values(claimed_until=0.0, **values), this.values(claimed_until=0.0)):
        if connection.execute(step).rowcount == 1:
            break
    else:
        return False
    connection.execute(insert(attempts), {"delivery": delivery.id, **attempt})
    return True


def forget_pings(connection: Connection, before: float) -> None:
    """Delete pings that were made before a time; other deliveries go with their jobs."""
    connection.execute(delete(deliveries).where(deliveries.c.job.is_(None), deliveries.c.created_at < before))
