"""Documents and provinces that articles name."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Articles stored before are read for their mentions by ``scraper reflag``."""
    op.create_table(
        "mention",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "kind", "key", "name"),
    )
    op.create_index("ix_mention_key", "mention", ["kind", "key"])
    op.create_index("ix_mention_name", "mention", ["kind", "name"])
    op.add_column("article", sa.Column("facts_version", sa.Integer(), nullable=False, server_default="0"))
