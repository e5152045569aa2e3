"""Jobs, their sources, events and journals; keys; the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _of_job(*, key: bool) -> "sa.Column[str]":
    return sa.Column(
        "job", sa.String(40), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=key, nullable=False
    )


def upgrade() -> None:
    """Make every table of the first version."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("admin", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("revoked_at", sa.Float),
    )
    op.create_table(
        "jobs",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("turn", _NUMBER, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("started_at", sa.Float),
        sa.Column("completed_at", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("result", sa.Text),
        sa.Column("sequence", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_waiting", "jobs", ["status", "turn"])
    op.create_index("jobs_of_owner", "jobs", ["owner", "status"])
    op.create_index("jobs_completed", "jobs", ["completed_at"])
    op.create_table(
        "sources",
        _of_job(key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "events",
        _of_job(key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        _of_job(key=False),
        sa.Column("line", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("journal_of_job", "journal", ["job", "number"])
    op.create_table(
        "idempotency",
        sa.Column("owner", sa.String(40), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        _of_job(key=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("idempotency_of_job", "idempotency", ["job"])
    op.create_table(
        "audit_log",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("job", sa.String(40)),
        sqlite_autoincrement=True,
    )
