"""What a revision says is kept packed."""

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":  # bytes may stand in a column of JSON: the new table takes no more room
        _pack(connection)
        with op.batch_alter_table("revision", reflect_kwargs={"resolve_fks": False}) as batch:
            batch.alter_column("data", existing_type=sa.JSON(), type_=sa.LargeBinary(), existing_nullable=False)
    else:
        op.alter_column("revision", "data", type_=sa.LargeBinary(), postgresql_using="convert_to(data::text, 'UTF8')")
        _pack(connection)


def _pack(connection: sa.Connection) -> None:
    """In batches: one statement for all would hold in memory what it changed."""
    read = sa.text("SELECT id, data FROM revision WHERE id > :last ORDER BY id LIMIT :batch")
    write, last = sa.text("UPDATE revision SET data = :data WHERE id = :id"), 0
    while rows := connection.execute(read, {"last": last, "batch": BATCH}).all():
        connection.execute(write, [{"id": row.id, "data": _packed(row.data)} for row in rows])
        last = rows[-1].id


def _packed(data: str | bytes) -> bytes:
    text = data.encode() if isinstance(data, str) else data
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(text)
