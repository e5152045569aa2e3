"""The tables: one schema for every database. Times are seconds since 1970."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def _of_job(*, key: bool = True) -> Column[str]:
    """What belongs to a job goes with it."""
    return Column(
        "job", String(40), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=key, nullable=False
    )


keys = Table(
    "keys",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", String(64), nullable=False),  # SHA-256 of the key, in hexadecimal
    Column("admin", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("revoked_at", Float),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),  # newest is highest
    Column("id", String(40), nullable=False, unique=True),
    Column("owner", String(40), nullable=False),
    Column("status", String(12), nullable=False),
    Column("turn", _NUMBER, nullable=False),  # lower runs first: fair between owners
    Column("attempt", Integer, nullable=False, default=0),  # fences what an earlier attempt still writes
    Column("request", Text, nullable=False),  # JSON, without the sources
    Column("stage", String(40), nullable=False, default=""),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer, nullable=False, default=0),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("completed_at", Float),
    Column("error", Text),  # JSON of a problem
    Column("result", Text),  # JSON of a personas document
    Column("sequence", Integer, nullable=False, default=0),  # of its last event
    Index("jobs_waiting", "status", "turn"),
    Index("jobs_of_owner", "owner", "status"),
    Index("jobs_completed", "completed_at"),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    _of_job(),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    _of_job(),
    Column("sequence", Integer, primary_key=True),  # from 1, without gaps
    Column("type", String(40), nullable=False),
    Column("at", Float, nullable=False),
    Column("data", Text, nullable=False),  # JSON
)

journal = Table(
    "journal",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _of_job(key=False),
    Column("line", Text, nullable=False),
    Index("journal_of_job", "job", "number"),
    sqlite_autoincrement=True,
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("owner", String(40), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of the request
    _of_job(key=False),
    Column("at", Float, nullable=False),
    Index("idempotency_of_job", "job"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("key", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("job", String(40)),  # not a reference: the line outlives its job
    sqlite_autoincrement=True,
)
