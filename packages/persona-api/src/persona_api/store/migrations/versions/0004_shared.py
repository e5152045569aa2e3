"""What several processes need on one database: Procrastinate's queue, requests counted for all, quick looks at deliveries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make them; the queue and the counts on PostgreSQL alone."""
    op.create_index("deliveries_claimed", "deliveries", ["claimed_until"])
    op.create_index("deliveries_of_webhook", "deliveries", ["webhook", "number"])
    op.create_index("webhooks_of_job", "webhooks", ["job"])
    op.create_table(
        "rates",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("remaining", sa.Float, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("CREATE TABLE sweeps (at timestamptz NOT NULL)")
        op.execute("INSERT INTO sweeps VALUES ('epoch')")
        op.alter_column("webhooks", "hint", type_=sa.String(40))  # where lengths are heeded, 8 were too few
        from procrastinate.schema import SchemaManager

        # Many statements in one text: the driver takes them only where nothing is to be put in.
        raw: Any = connection.connection.driver_connection
        raw.execute(SchemaManager.get_schema())
