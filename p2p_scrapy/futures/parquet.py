"""How futures records become Parquet: the same in files of streams and of the archive.

Numbers that count up are kept as differences, what repeats as a dictionary. Trades take 8 bytes so
where Parquet's own choice takes 20, and a sixth of the time (docs/futures-columns.md).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.lake.atomic import atomic

_ZSTD_LEVEL = 3


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """Arguments for pq.ParquetWriter and pq.write_table, for records of a schema."""
    leaves = dict(_leaves(schema))
    counting = [name for name, kind in leaves.items() if _counts_up(kind)]
    return {
        "compression": "zstd",
        "compression_level": _ZSTD_LEVEL,
        "write_page_checksum": True,
        "store_decimal_as_integer": True,
        "use_dictionary": [name for name in leaves if name not in counting],
        "column_encoding": dict.fromkeys(counting, "DELTA_BINARY_PACKED"),
    }


def write_records(table: pa.Table, path: Path) -> None:
    """Write a table as one whole file, flushed to disk before it stands under its name.

    Raises:
        OSError: the disk's trouble; nothing stands under the name then, or what stood before.
    """
    with atomic(path) as temporary:
        pq.write_table(table, temporary, **parquet_options(table.schema))


def _counts_up(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_timestamp(kind)


def _leaves(schema: pa.Schema) -> Iterator[tuple[str, pa.DataType]]:
    """The names under which Parquet keeps a schema's values; those of levels lie deeper."""
    for field in schema:
        if pa.types.is_list(field.type):
            for inner in field.type.value_type:
                yield f"{field.name}.list.element.{inner.name}", inner.type
        else:
            yield field.name, field.type
