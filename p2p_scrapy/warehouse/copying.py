"""Tables of Arrow into tables of PostgreSQL, by binary COPY."""

from collections.abc import Iterator
from typing import Any, cast

import pgpq
import psycopg2.extensions as pg
import pyarrow as pa

from p2p_scrapy.errors import WarehouseError

CHUNK_ROWS = 8192
"""Rows encoded at a time: the server takes in one chunk while the next is made."""
_READ_BYTES = 1 << 20


def copy(cursor: pg.cursor, table: pa.Table, target: str) -> None:
    """Append a table to ``target``, which must have its columns, by name, with fitting types.

    Raises:
        WarehouseError: not every row arrived.
    """
    columns = ", ".join(table.column_names)
    statement = f"COPY {target} ({columns}) FROM STDIN (FORMAT binary)"
    # psycopg2's type stubs ask for a readline too, which this call never uses.
    cursor.copy_expert(statement, cast("Any", _Stream(table)), size=_READ_BYTES)
    if cursor.rowcount != table.num_rows:
        raise WarehouseError(f"{target} got {cursor.rowcount} rows of {table.num_rows}")


class _Stream:
    """A table as the file that COPY reads."""

    def __init__(self, table: pa.Table) -> None:
        # The encoder may hold a chunk back; an empty piece would be taken for the end.
        self._chunks = filter(None, _encoded(table))
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)


def _encoded(table: pa.Table) -> Iterator[bytes]:
    encoder = pgpq.ArrowToPostgresBinaryEncoder(table.schema)
    yield encoder.write_header()
    for batch in table.to_batches(max_chunksize=CHUNK_ROWS):
        yield encoder.write_batch(batch)
    yield encoder.finish()
