"""How the daily merge becomes small: rows of an ad follow each other, so most values repeat."""

from typing import Any

from items import AD_SCHEMA
from p2p_scrapy.lake.parquet import leaf

_ZSTD_LEVEL = 9
"""Level 15 makes 1 % less of a day, and takes four times as long."""
_PAGE_ROWS = 100_000
"""A page is compressed on its own: with pages of 20,000 rows, the default, a day is 10 % larger."""
_PLAIN = frozenset(
    {
        "adv_no",
        "price",
        "surplus_amount",
        "tradable_quantity",
        "positive_rate",
        "ad_created_at",
        "observed_at",
        "min_quantity",
        "max_quantity",
        "dynamic_max_amount",
        "dynamic_max_quantity",
    }
)
"""Without a dictionary zstd sees whole runs of values that ads share, as a page's moments are."""
_SPLIT = ("month_order_count", "rank", "page", "active_seconds_ago")
"""Small numbers that move: written byte by byte, seven of their eight bytes cost nothing."""


def merge_options() -> dict[str, Any]:
    """The arguments of ``pq.ParquetWriter``; every choice was measured (docs/lake.md)."""
    without = _PLAIN.union(_SPLIT)
    return {
        "compression": "zstd",
        "compression_level": _ZSTD_LEVEL,
        "write_page_checksum": True,
        "max_rows_per_page": _PAGE_ROWS,
        "use_dictionary": [leaf(field) for field in AD_SCHEMA if field.name not in without],
        "column_encoding": dict.fromkeys(_SPLIT, "BYTE_STREAM_SPLIT"),
    }
