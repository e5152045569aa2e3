"""What PostgreSQL is asked beside plain SQL, because others write at the same time; nothing on SQLite, where nobody does."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, text

CHANNEL = "persona_events"
"""What processes tell each other of on."""
MIGRATIONS, DELIVERIES, SWEEP = 7_366_001, 7_366_002, 7_366_003
"""Numbers of advisory locks: each is held by one transaction at a time."""

QUEUE, TASK = "persona", "persona.generate"
"""What Procrastinate knows our jobs by."""
_ENQUEUE = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
    f"'{QUEUE}', '{TASK}', :priority, NULL, :job, jsonb_build_object('job', CAST(:job AS text)), NULL"
    ")::procrastinate_job_to_defer_v1])"
)
_ORPHANS = text(
    "SELECT id, turn FROM jobs WHERE status IN ('pending', 'running') AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs "
    "WHERE queueing_lock = jobs.id AND procrastinate_jobs.status IN ('todo', 'doing'))"
)
_LET_GO = text(
    "DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') OR (status = 'doing' AND NOT EXISTS (SELECT 1 "
    "FROM procrastinate_workers WHERE procrastinate_workers.id = worker_id "
    "AND last_heartbeat > now() - make_interval(secs => :seconds)))"
)


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
    """Let other processes hear of an event of a job, once the transaction is over."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, f"{kind} {job}")))


def enqueue(connection: Connection, job: str, turn: int) -> None:
    """Give a job to Procrastinate's queue, whose workers take the highest priority first."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ENQUEUE, {"job": job, "priority": -turn})


def sweep(connection: Connection, seconds: float) -> int:
    """Queue anew what nobody works on: its worker has been silent for so long, or its place in the queue is gone.

    The rows of jobs tell what is to be done; the queue only says who does it when. Gives how many jobs that were.
    """
    if not alone(connection, SWEEP):
        return 0
    connection.execute(_LET_GO, {"seconds": seconds})
    orphans = connection.execute(_ORPHANS).all()
    for job, turn in orphans:
        enqueue(connection, job, turn)
    return len(orphans)
