"""Near copies, relations and choices; edits by kind; changes that wait for a second look; happenings."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _add_columns()
    _add_pairs(
        "relation", sa.Column("kind", AutoString(), nullable=False), sa.Column("score", sa.Float(), nullable=False)
    )
    _add_pairs("choice", sa.Column("verdict", AutoString(), nullable=False), at="chosen_at")
    op.create_table(
        "shingle",
        sa.Column("hash", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("note", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_happening_article_id"), "happening", ["article_id"])


def _add_columns() -> None:
    # Added one by one, not by copying the tables: that would drop the triggers of the search index.
    for column in (
        sa.Column("sampled", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sketch_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reader", AutoString(), nullable=False, server_default=""),
        sa.Column("doubt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("flaps", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("article", column)
    doubted = sa.text("doubt IS NOT NULL")
    op.create_index("ix_article_doubt", "article", ["source"], sqlite_where=doubted, postgresql_where=doubted)
    op.add_column("revision", sa.Column("edits", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("revision", sa.Column("summary", AutoString(), nullable=False, server_default=""))


def _add_pairs(name: str, *columns: "sa.Column[object]", at: str = "found_at") -> None:
    op.create_table(
        name,
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column(at, UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "other_id"),
    )
    op.create_index(op.f(f"ix_{name}_other_id"), name, ["other_id"])
