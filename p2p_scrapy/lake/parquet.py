"""How a table becomes a Parquet file of the lake."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.lake.atomic import atomic

SCHEMA_FILE = "_schema.parquet"
_ZSTD_LEVEL = 9
"""The level after which a snapshot of 50,000 ads gets no smaller to speak of."""

_OWN_ENCODINGS = {
    "adv_no": "DELTA_BYTE_ARRAY",
    "ad_created_at": "DELTA_BINARY_PACKED",
    "rank": "DELTA_BINARY_PACKED",
}
"""For values that hardly repeat, or count up."""
_PLAIN = frozenset(
    {
        "surplus_amount",
        "tradable_quantity",
        "min_quantity",
        "max_quantity",
        "dynamic_max_amount",
        "dynamic_max_quantity",
    }
)
"""Numbers that hardly repeat: without a dictionary zstd makes 9 % less of a whole snapshot."""


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
    """A dictionary for every column but those that have a better encoding, or are better plain."""
    own = {name: encoding for name, encoding in _OWN_ENCODINGS.items() if name in schema.names}
    without = {*own, *_PLAIN}
    return {
        "use_dictionary": [leaf(field) for field in schema if field.name not in without],
        "column_encoding": own or None,
    }


def leaf(field: "pa.Field[Any]") -> str:
    """The name under which Parquet keeps a column's values; a list's are one level down."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name
