"""The tables: one schema for every database. Times are seconds since 1970."""

from __future__ import annotations

import json

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

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON as it is kept, and sent: without spaces for the eye."""
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

remains = Table(
    "remains",
    metadata,
    _of_job(),
    Column(
        "content", Text, nullable=False
    ),  # JSON: what is left of the sources, where a participant withdrew
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

rates = Table(
    "rates",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("remaining", Float, nullable=False),  # requests that the key may ask at once
    Column("at", Float, nullable=False),  # when that was so
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

webhooks = Table(
    "webhooks",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("owner", String(40), nullable=False),
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE")),  # nothing: all jobs of the owner
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),  # JSON; empty for all
    Column("headers", LargeBinary, nullable=False),  # sealed
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("old_secret", LargeBinary),  # sealed; signs as well until `old_until`
    Column("old_until", Float),
    Column("hint", String(40), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", Text),
    Column("failing_since", Float),
    Column("created_at", Float, nullable=False),
    Index("webhooks_of_owner", "owner", "job"),
    Index("webhooks_of_job", "job"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("message", String(40), nullable=False),  # the header webhook-id
    Column("webhook", String(40), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("job", String(40), ForeignKey("jobs.id", ondelete="CASCADE")),  # nothing: a ping
    Column("type", String(40), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON, without what is known only when it is sent
    Column("status", String(12), nullable=False),
    Column("tries", Integer, nullable=False),  # of this round; delivering again begins a new one
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float, nullable=False),  # an attempt is under way, or died with its server
    Column("created_at", Float, nullable=False),
    Column("completed_at", Float),
    Index("deliveries_due", "status", "webhook", "due_at"),
    Index("deliveries_of_job", "job"),
    Index("deliveries_of_webhook", "webhook", "number"),
    Index("deliveries_claimed", "claimed_until"),
    sqlite_autoincrement=True,
)

attempts = Table(
    "attempts",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("delivery", String(40), ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("at", Float, nullable=False),
    Column("status", Integer),
    Column("error", String(20)),
    Column("duration", Float, nullable=False),
    Column("excerpt", Text, nullable=False),
    Index("attempts_of_delivery", "delivery", "number"),
    sqlite_autoincrement=True,
)
