"""A book that batches are made of, its day merged, and what has to be in the merge."""

from datetime import date

import pyarrow.parquet as pq

from items import Side
from p2p_scrapy.lake.merge import DailyMerge

DAY = date(2026, 6, 5)
ORDER = ("venue", "fiat", "asset", "trade_type", "adv_no", "fetched_at", "observed_at")
BOOK = (
    ("9", Side.SELL, "VES", "USDT", 1),
    ("10", Side.SELL, "VES", "USDT", 2),
    ("10", Side.SELL, "VES", "BTC", None),
    ("11", Side.BUY, "VES", "USDT", 1),
    ("12", Side.SELL, "BOB", "USDT", 1),
)


def merge(data_dir, day=DAY):
    daily = DailyMerge(data_dir, day)
    assert not daily.is_current
    daily.write(lambda: None)
    assert daily.is_current
    return pq.ParquetFile(daily.path)


def rows_of(*snapshots):
    """Their rows in the order of a merge."""
    rows = [row for path in snapshots for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(rows, key=lambda row: [row[name] or "" for name in ORDER])


def snapshots(*batches):
    return [paths.snapshot(side) for paths in batches for side in Side]
