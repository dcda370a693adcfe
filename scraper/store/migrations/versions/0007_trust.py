"""Turns of hosts, the rhythm and the alarms of sources, and which kinds of listings showed a link."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "host",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("free_at", UTCDateTime(), nullable=True),
        sa.Column("held_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("link", sa.Column("found_in", AutoString(), nullable=False, server_default=""))
    op.create_index("ix_link_seen", "link", ["source", "first_seen_at"])
    op.create_index("ix_fetch_outcome", "fetch", ["source", "at", "kind", "outcome"])
    for name in ("told_at", "quiet_since", "rhythm_at"):
        op.add_column("source", sa.Column(name, UTCDateTime(), nullable=True))
    op.add_column("source", sa.Column("rhythm", sa.JSON(), nullable=True))
    op.execute("UPDATE source SET told_at = trouble_since")
