"""Putting Procrastinate's queue right: the rows of jobs tell what is to be done, the queue only who does it when."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from persona_api.store.sharing import QUEUE, SWEEP, alone, enqueue

_PAUSE = 0.8
"""Seconds that lie between two sweeps, whoever makes them."""
_AT_ONCE = 1000
"""Jobs that one sweep queues anew."""
_MY_TURN = text(
    "UPDATE sweeps SET at = now() WHERE at < now() - make_interval(secs => :pause) OR at > now() RETURNING at"
)
_LET_GO = text(
    "DELETE FROM procrastinate_jobs WHERE queue_name = :queue AND (status NOT IN ('todo', 'doing') OR (status = 'doing' "
    "AND NOT EXISTS (SELECT 1 FROM procrastinate_workers WHERE procrastinate_workers.id = worker_id "
    "AND last_heartbeat > now() - make_interval(secs => :silent))))"
)
_ORPHANS = text(
    "SELECT id FROM jobs WHERE status = ANY(:statuses) AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs "
    "WHERE queueing_lock = jobs.id AND procrastinate_jobs.status IN ('todo', 'doing')) ORDER BY turn LIMIT :most"
)
_MINE = text("SELECT queueing_lock FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing'")
_DROP = text(
    "DELETE FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing' AND queueing_lock = ANY(:those)"
)
_ALIVE = text(
    "SELECT 1 FROM procrastinate_workers WHERE id = :worker AND last_heartbeat > now() - make_interval(secs => :silent)"
)


def sweep(connection: Connection, silent: float, *, thorough: bool) -> int:
    """Queue anew what nobody works on: its worker has been silent for so long, or its place in the queue is gone.

    Nothing where another process did so just now. Among the jobs that wait it looks only when `thorough`, or where a
    worker died: there may be many. Gives how many jobs were queued.
    """
    if not alone(connection, SWEEP) or connection.execute(_MY_TURN, {"pause": _PAUSE}).first() is None:
        return 0
    died = connection.execute(_LET_GO, {"silent": silent, "queue": QUEUE}).rowcount
    statuses = ["pending", "running"] if thorough or died else ["running"]
    orphans = connection.execute(_ORPHANS, {"statuses": statuses, "most": _AT_ONCE}).scalars().all()
    enqueue(connection, *orphans)
    return len(orphans)


def is_alive(connection: Connection, worker: int, silent: float) -> bool:
    """Whether the others believe that a worker lives."""
    return connection.execute(_ALIVE, {"worker": worker, "silent": silent}).first() is not None


def believed(connection: Connection, worker: int) -> set[str]:
    """The jobs that the queue believes a worker has under way."""
    return set(connection.execute(_MINE, {"worker": worker}).scalars())


def drop(connection: Connection, worker: int, those: Collection[str]) -> None:
    """Have the queue believe no more that a worker has some jobs under way."""
    connection.execute(_DROP, {"worker": worker, "those": list(those)})
