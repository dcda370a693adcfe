"""Pages packed against another page of their outlet; listings known by the addresses that they show."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    based = sa.text("base IS NOT NULL")
    op.add_column("source", sa.Column("page_base", sa.Integer(), nullable=True))
    op.add_column("snapshot", sa.Column("base", sa.Integer(), nullable=True))
    op.add_column("listing", sa.Column("addresses_hash", sa.String(), server_default="", nullable=False))
    op.create_index("ix_snapshot_base", "snapshot", ["base", "fetched_at"], sqlite_where=based, postgresql_where=based)
