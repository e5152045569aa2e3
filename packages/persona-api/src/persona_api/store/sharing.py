"""What PostgreSQL is asked beside plain SQL, because others write at the same time; nothing on SQLite, where nobody does."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, func, select, text

CHANNEL, DUE = "persona_events", "due"
"""What processes tell each other of on, and what is said there of a delivery."""
MIGRATIONS, DELIVERIES, SWEEP = 7_366_001, 7_366_002, 7_366_003
"""Numbers of advisory locks: each is held by one transaction at a time."""

QUEUE, TASK = "persona", "persona.generate"
"""What Procrastinate knows our jobs by."""
_ENQUEUE = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(ROW(:queue, :task, -turn, NULL, id, jsonb_build_object('job', id), NULL)"
    "::procrastinate_job_to_defer_v1)) FROM jobs WHERE id = ANY(:those)"
)
_MOMENT = text("SELECT extract(epoch FROM clock_timestamp())")


def wait_for(connection: Connection, lock: int) -> None:
    """Hold a lock until the transaction ends, once nobody else does."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(lock)))


def alone(connection: Connection, lock: int) -> bool:
    """Hold a lock until the transaction ends; gives whether it was to be had at once."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(lock))).scalar_one())


def tell_others(connection: Connection, kind: str, job: str) -> None:
    """Let all processes hear of an event of a job, or of a delivery, once the transaction is over."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, f"{kind} {job}")))


def enqueue(connection: Connection, *those: str) -> None:
    """Give jobs to Procrastinate's queue, whose workers take the highest priority first: the lowest turn."""
    if those and connection.dialect.name == "postgresql":
        connection.execute(_ENQUEUE, {"queue": QUEUE, "task": TASK, "those": list(those)})


def moment(connection: Connection, own: Callable[[], float]) -> float:
    """The time by which processes agree who holds what: the database's, whatever their own clocks say."""
    if connection.dialect.name != "postgresql":
        return own()
    return float(connection.execute(_MOMENT).scalar_one())
