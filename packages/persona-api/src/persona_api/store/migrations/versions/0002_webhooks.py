"""Webhooks, their deliveries and the attempts at them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _reference(name: str, target: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(40), sa.ForeignKey(target, ondelete="CASCADE"), nullable=nullable)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhooks",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("owner", sa.String(40), nullable=False),
        _reference("job", "jobs.id", nullable=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("old_secret", sa.LargeBinary),
        sa.Column("old_until", sa.Float),
        sa.Column("hint", sa.String(8), nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("failing_since", sa.Float),
        sa.Column("created_at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("webhooks_of_owner", "webhooks", ["owner", "job"])
    op.create_table(
        "deliveries",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(40), nullable=False, unique=True),
        sa.Column("message", sa.String(40), nullable=False),
        _reference("webhook", "webhooks.id"),
        _reference("job", "jobs.id", nullable=True),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("claimed_until", sa.Float, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("completed_at", sa.Float),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_due", "deliveries", ["status", "webhook", "due_at"])
    op.create_index("deliveries_of_job", "deliveries", ["job"])
    op.create_table(
        "attempts",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        _reference("delivery", "deliveries.id"),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.String(20)),
        sa.Column("duration", sa.Float, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("attempts_of_delivery", "attempts", ["delivery", "number"])
