"""What a revision says is kept packed."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 500
"""Rows packed by one statement: SQLite holds in memory what a statement changed, 4 kB a row, until it ends."""


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _into_a_new_table(connection)
    else:
        op.alter_column("revision", "data", type_=sa.LargeBinary(), postgresql_using="convert_to(data::text, 'UTF8')")
        write = sa.text("UPDATE revision SET data = :data WHERE id = :id")
        for rows in _batches(connection):
            connection.execute(write, rows)


def _into_a_new_table(connection: sa.Connection) -> None:
    """The old one is emptied as the new one fills, and dropped when it holds nothing."""
    op.create_table(
        "packed_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("edits", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("summary", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    plain = "id, article_id, number, seen_at, kind, changed, content_hash, parser_version, edits, summary"
    copy = sa.text(
        f"INSERT INTO packed_revision ({plain}, data) SELECT {plain}, :data FROM revision WHERE id = :id"  # noqa: S608
    )
    drop = sa.text("DELETE FROM revision WHERE id = :id")
    for rows in _batches(connection):
        connection.execute(copy, rows)
        connection.execute(drop, rows)
    op.drop_table("revision")
    op.rename_table("packed_revision", "revision")
    op.create_index("ix_revision_article", "revision", ["article_id", "number"], unique=True)
    op.create_index("ix_revision_seen", "revision", ["seen_at", "number", "article_id"])


def _batches(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """What every revision says, packed, by its number."""
    read = sa.text("SELECT id, data FROM revision WHERE id > :last ORDER BY id LIMIT :batch")
    last = 0
    while rows := connection.execute(read, {"last": last, "batch": BATCH}).all():
        yield [{"id": row.id, "data": _packed(row.data)} for row in rows]
        last = rows[-1].id


def _packed(data: str | bytes) -> bytes:
    text = data.encode() if isinstance(data, str) else data
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(text)
