"""How much each key may ask now, where several servers count together."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from persona_api.store.schema import rates


def held(connection: Connection, key: str) -> tuple[float, float] | None:
    """What a key has left and when that was so; nobody else changes it until the transaction ends."""
    row = connection.execute(
        select(rates.c.remaining, rates.c.at).where(rates.c.key == key).with_for_update()
    ).first()
    return None if row is None else (row.remaining, row.at)


def keep(connection: Connection, key: str, remaining: float, at: float, *, new: bool) -> None:
    """Write down what a key has left."""
    values = {"remaining": remaining, "at": at}
    if new:
        connection.execute(insert(rates), {"key": key, **values})
    else:
        connection.execute(update(rates).where(rates.c.key == key).values(values))
