"""What a revision says is kept packed."""

from collections.abc import Iterator, Sequence
from typing import Any

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
        driver: Any = connection.connection.driver_connection
        driver.create_function("packed", 1, _packed)
        op.execute("UPDATE revision SET data = packed(data)")
        with op.batch_alter_table("revision", reflect_kwargs={"resolve_fks": False}) as batch:
            batch.alter_column("data", existing_type=sa.JSON(), type_=sa.LargeBinary(), existing_nullable=False)
        return
    op.alter_column("revision", "data", type_=sa.LargeBinary(), postgresql_using="convert_to(data::text, 'UTF8')")
    write = sa.text("UPDATE revision SET data = :data WHERE id = :id")
    for rows in _rows(connection):
        connection.execute(write, [{"id": row.id, "data": _packed(bytes(row.data))} for row in rows])


def _rows(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    last = 0
    read = sa.text("SELECT id, data FROM revision WHERE id > :last ORDER BY id LIMIT :batch")
    while rows := connection.execute(read, {"last": last, "batch": BATCH}).all():
        yield rows
        last = rows[-1].id


def _packed(data: str | bytes) -> bytes:
    text = data.encode() if isinstance(data, str) else data
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(text)
