"""Jobs and their events as rows: each function is one step of a transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.engine import result_tuple
from sqlalchemy.exc import DBAPIError

from persona_api.store.outbox import announce, thin
from persona_api.store.schema import compact, events, idempotency, jobs, journal, remains, sources
from persona_api.store.sharing import enqueue, tell_others
from persona_core.models.events import EVENTS, EventType
from persona_core.models.job import FINISHED

_TOLD_AGAIN = tuple(kind for kind, each in EVENTS.items() if each.told == "again")
_TOLD_ONCE = tuple(kind for kind in EVENTS if kind not in _TOLD_AGAIN)
_BRIEF = tuple(column for column in jobs.c if column.name not in {"request", "result"})
_ASKED = select(jobs).where(jobs.c.id == bindparam("id"))
_WHOLE = select(*_BRIEF, jobs.c.result).where(jobs.c.id == bindparam("id"))
_BRIEFLY = select(*_BRIEF).where(jobs.c.id == bindparam("id"))
_SOURCES = select(sources.c.name, sources.c.content).order_by(sources.c.position)


class SupersededError(Exception):
    """The job is not this attempt's any more: cancelled, deleted, or begun anew."""


def asked(connection: Connection, job: str) -> Row[Any] | None:
    """A job's row with what it was asked."""
    return connection.execute(_ASKED, {"id": job}).first()


def get(connection: Connection, job: str) -> Row[Any] | None:
    """A job's row with its result."""
    return _found(connection, _WHOLE, job)


def brief(connection: Connection, job: str) -> Row[Any] | None:
    """A job's row without its result."""
    return _found(connection, _BRIEFLY, job)


def held(connection: Connection, job: str) -> Row[Any] | None:
    """A job's row without its result, which nobody else changes until the transaction ends."""
    return connection.execute(_BRIEFLY.with_for_update(), {"id": job}).first()


def _found(connection: Connection, statement: Select[Any], job: str) -> Row[Any] | None:
    """What is asked most, with SQL and rows that were prepared once: a quarter of SQLAlchemy's time."""
    compiled, row_of = _prepared(statement, connection.dialect)
    given: Any = (job,) if compiled.positional else {"id": job}
    cursor = connection.connection.cursor()
    try:
        cursor.execute(compiled.string, given)
        found = cursor.fetchone()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(compiled.string, given, error, hide_parameters=True) from error
    finally:
        cursor.close()
    return None if found is None else row_of(found)


@lru_cache(maxsize=8)
def _prepared(statement: Select[Any], dialect: Dialect) -> tuple[Any, Callable[..., Row[Any]]]:
    """A statement in the database's own words, and what makes rows of its answers."""
    return statement.compile(dialect=dialect), result_tuple(statement.selected_columns.keys())


def page(
    connection: Connection, owner: str | None, before: int | None, status: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Jobs, newest first: of one owner, or of all; below a number."""
    wanted = select(*_BRIEF).order_by(jobs.c.number.desc()).limit(limit)
    for given, condition in (
        (owner, jobs.c.owner == owner),
        (before, jobs.c.number < (before or 0)),
        (status, jobs.c.status == status),
    ):
        wanted = wanted if given is None else wanted.where(condition)
    return connection.execute(wanted).all()


def waiting(connection: Connection, owner: str) -> int:
    """How many jobs of an owner wait."""
    count = select(func.count()).where(jobs.c.owner == owner, jobs.c.status == "pending")
    return connection.execute(count).scalar_one()


def add(
    connection: Connection, job: str, owner: str, request: str, given: Sequence[tuple[str, bytes]], now: float
) -> None:
    """Keep a job with its sources; its turn is after the owner's last, and not before whoever runs now."""
    turn = _turn(connection, owner)
    connection.execute(
        insert(jobs),
        {
            "id": job,
            "owner": owner,
            "status": "pending",
            "turn": turn,
            "request": request,
            "created_at": now,
        },
    )
    connection.execute(
        insert(sources),
        [{"job": job, "position": i, "name": name, "content": data} for i, (name, data) in enumerate(given)],
    )
    enqueue(connection, job)


def _turn(connection: Connection, owner: str) -> int:
    """Virtual time of fair queueing: one step after the owner's last, from where the queue is now."""
    running = select(func.max(jobs.c.turn)).where(jobs.c.status == "running")
    first = select(func.min(jobs.c.turn)).where(jobs.c.status == "pending")
    last = select(func.max(jobs.c.turn)).where(jobs.c.status == "pending", jobs.c.owner == owner)
    now = connection.execute(running).scalar()
    if now is None:
        now = (connection.execute(first).scalar() or 1) - 1
    return int(max(now, connection.execute(last).scalar() or 0)) + 1


def sources_of(connection: Connection, job: str) -> list[tuple[str, bytes]]:
    """Names and bytes of a job's sources, in their order."""
    rows = connection.execute(_SOURCES.where(sources.c.job == job))
    return [(name, bytes(content)) for name, content in rows]


def remains_of(connection: Connection, job: str) -> str | None:
    """What is left of a job's sources, where a participant withdrew."""
    return connection.execute(select(remains.c.content).where(remains.c.job == job)).scalar()


def wordy(connection: Connection, job: str) -> Sequence[Row[Any]]:
    """Those events of a job that may say more than figures."""
    those = select(events).where(events.c.job == job, events.c.type.not_in(_TOLD_AGAIN))
    return connection.execute(those.order_by(events.c.sequence)).all()


def revise(
    connection: Connection, row: Row[Any], values: Mapping[str, Any], left: str, told: Mapping[int, str]
) -> None:
    """Replace what a finished job holds, its sources by what is left of them, and forget its journal.

    Raises SupersededError where the job is not as `row` has it any more.
    """
    same = (jobs.c.id == row.id, jobs.c.sequence == row.sequence, jobs.c.status == row.status)
    if connection.execute(update(jobs).where(*same).values(**values)).rowcount != 1:
        raise SupersededError(row.id)
    for table in (journal, sources, remains):
        connection.execute(delete(table).where(table.c.job == row.id))
    connection.execute(insert(remains), {"job": row.id, "content": left})
    for sequence, data in told.items():
        those = (events.c.job == row.id, events.c.sequence == sequence)
        connection.execute(update(events).where(*those).values(data=data))


def claim(connection: Connection, now: float) -> tuple[str, int] | None:
    """Take the job whose turn it is; gives its id and the attempt this is."""
    first = select(jobs.c.id, jobs.c.attempt, jobs.c.started_at).where(jobs.c.status == "pending")
    row = connection.execute(first.order_by(jobs.c.turn, jobs.c.number).limit(1)).first()
    if row is None:
        return None
    taken = {"status": "running", "attempt": row.attempt + 1, "started_at": row.started_at or now}
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(taken))
    return row.id, row.attempt + 1


def take(connection: Connection, job: str, now: float) -> int | None:
    """Take a certain job, also from whoever has it; gives the attempt this is, or nothing where it is over."""
    wanted = update(jobs).where(jobs.c.id == job, jobs.c.status.in_(("pending", "running")))
    taken = wanted.values(
        status="running", attempt=jobs.c.attempt + 1, started_at=func.coalesce(jobs.c.started_at, now)
    )
    return connection.execute(taken.returning(jobs.c.attempt)).scalar()


def held_by(connection: Connection, those: Mapping[str, int]) -> set[str]:
    """Those of some jobs, each with an attempt, that are still that attempt's."""
    rows = select(jobs.c.id, jobs.c.attempt).where(jobs.c.id.in_(those), jobs.c.status == "running")
    return {id for id, attempt in connection.execute(rows) if those[id] == attempt}


def put_back(connection: Connection, job: str | None = None, attempt: int | None = None) -> int:
    """Let running jobs wait again, all or one attempt of one; their journals keep what they had paid for."""
    back = update(jobs).where(jobs.c.status == "running").values(status="pending")
    if job is not None:
        back = back.where(jobs.c.id == job, jobs.c.attempt == attempt)
    those = connection.execute(back.returning(jobs.c.id)).scalars().all()
    enqueue(connection, *those)
    return len(those)


def change(connection: Connection, job: str, attempt: int, values: Mapping[str, Any]) -> None:
    """Change a running job. Raises SupersededError where it is not this attempt's any more."""
    mine = (jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.status == "running")
    if connection.execute(update(jobs).where(*mine).values(**values)).rowcount != 1:
        raise SupersededError(job)


def tell(connection: Connection, job: str, kind: EventType, data: Mapping[str, Any], now: float) -> int:
    """Add an event to a job's, and to the outbox; gives its number."""
    step = update(jobs).where(jobs.c.id == job).values(sequence=jobs.c.sequence + 1)
    number = connection.execute(step.returning(jobs.c.sequence)).scalar_one()
    text = compact(data)
    connection.execute(
        insert(events), {"job": job, "sequence": number, "type": kind, "at": now, "data": text}
    )
    announce(connection, job, kind, int(number), data, now)
    tell_others(connection, kind, job)
    return int(number)


def told(connection: Connection, job: str, after: int, limit: int = 500) -> Sequence[Row[Any]]:
    """A job's events after a number, in their order."""
    those = select(events).where(events.c.job == job, events.c.sequence > after)
    return connection.execute(those.order_by(events.c.sequence).limit(limit)).all()


def names_told(connection: Connection, job: str) -> set[str]:
    """What a job has told so far that is not to be told twice, as `name_of` names it."""
    those = select(events.c.type, events.c.data).where(events.c.job == job, events.c.type.in_(_TOLD_ONCE))
    return {name_of(kind, json.loads(data)) for kind, data in connection.execute(those)}


def name_of(kind: EventType, data: Mapping[str, Any]) -> str:
    """What an event is told once under; empty for one that may be told again."""
    if kind in _TOLD_AGAIN:
        return ""
    return kind if EVENTS[kind].told == "once" else f"{kind} {json.dumps(thin(kind, data), sort_keys=True)}"


def finish(
    connection: Connection, job: str, attempt: int | None, status: str, now: float, **values: Any
) -> None:
    """End a job; with an attempt only where it is still its own. Raises SupersededError."""
    ended = {"status": status, "completed_at": now, **values}
    if attempt is not None:
        change(connection, job, attempt, ended)
    else:
        connection.execute(update(jobs).where(jobs.c.id == job).values(**ended))


def remove(connection: Connection, *those: str) -> None:
    """Delete jobs and all that belongs to them."""
    connection.execute(delete(jobs).where(jobs.c.id.in_(those)))


def expired(connection: Connection, before: float, limit: int = 200) -> list[str]:
    """Finished jobs that ended before a time."""
    those = select(jobs.c.id).where(jobs.c.completed_at < before, jobs.c.status.in_(FINISHED)).limit(limit)
    return list(connection.execute(those).scalars())


def next_to_expire(connection: Connection) -> float | None:
    """When the first of the finished jobs ended."""
    return connection.execute(
        select(func.min(jobs.c.completed_at)).where(jobs.c.completed_at.is_not(None))
    ).scalar()


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs there are of each status."""
    rows = connection.execute(select(jobs.c.status, func.count()).group_by(jobs.c.status))
    return {row[0]: row[1] for row in rows}


def journal_of(connection: Connection, job: str) -> list[str]:
    """The lines of a job's journal."""
    lines = select(journal.c.line).where(journal.c.job == job).order_by(journal.c.number)
    return list(connection.execute(lines).scalars())


def write_journal(connection: Connection, job: str, attempt: int, lines: str) -> None:
    """Keep lines of a job's journal. Raises SupersededError where it is not this attempt's any more."""
    mine = select(jobs.c.id).where(jobs.c.id == job, jobs.c.attempt == attempt, jobs.c.status == "running")
    if connection.execute(mine.with_for_update()).first() is None:
        raise SupersededError(job)
    rows = [{"job": job, "line": line} for line in lines.splitlines() if line]
    if rows:
        connection.execute(insert(journal), rows)


def known_request(connection: Connection, owner: str, key: str) -> Row[Any] | None:
    """The job that an Idempotency-Key stands for, and what was asked then."""
    those = select(idempotency).where(idempotency.c.owner == owner, idempotency.c.key == key)
    return connection.execute(those).first()


def remember_request(
    connection: Connection, owner: str, key: str, fingerprint: str, job: str, now: float
) -> None:
    """Keep an Idempotency-Key for as long as its job."""
    row = {"owner": owner, "key": key, "fingerprint": fingerprint, "job": job, "at": now}
    connection.execute(insert(idempotency), row)
