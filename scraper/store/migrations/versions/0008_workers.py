"""When each link was last fetched, whoever fetched it: workers poll and fetch apart from each other."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("link", sa.Column("tried_at", UTCDateTime(), nullable=True))
    op.create_index("ix_link_tried", "link", ["source", "tried_at"])
