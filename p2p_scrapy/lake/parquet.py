"""How a table becomes a Parquet file of the lake."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.lake.atomic import atomic

SCHEMA_FILE = "_schema.parquet"
_ZSTD_LEVEL = 9
"""The level after which a snapshot of 50,000 ads gets no smaller to speak of."""


def write_table(table: pa.Table, path: Path) -> None:
    """Write one row group, so that a dictionary serves the whole file, with page checksums.

    Raises:
        OSError: the disk's trouble; nothing stands under the name then, or what stood before.
    """
    with atomic(path) as temporary:
        pq.write_table(
            table,
            temporary,
            row_group_size=max(table.num_rows, 1),
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            write_page_checksum=True,
            **_encodings(table.schema),
        )


def write_schema(schema: pa.Schema, folder: Path) -> None:
    """Put the empty file that tells the folder's schema, once."""
    path = folder / SCHEMA_FILE
    if not path.exists():
        write_table(schema.empty_table(), path)


def _encodings(schema: pa.Schema) -> dict[str, Any]:
    """Columns whose values hardly repeat are better off without a dictionary."""
    nearly_unique = {"adv_no": "DELTA_BYTE_ARRAY", "ad_created_at": "DELTA_BINARY_PACKED"}
    own = {name: encoding for name, encoding in nearly_unique.items() if name in schema.names}
    return {
        "use_dictionary": [_leaf(field) for field in schema if field.name not in own],
        "column_encoding": own or None,
    }


def _leaf(field: "pa.Field[Any]") -> str:
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name
