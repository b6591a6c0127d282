"""The daily merge: all snapshots of a day as one file, ordered by ad and time.

A full day is 7 million rows, over 4 GB in memory. So it is made in slices: a range of ads at a
time is picked out of every snapshot, sorted, and written as a row group. Reading the snapshots once
a slice costs less than keeping their rows on disk in between, and leaves nothing behind.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from items import AD_SCHEMA
from p2p_scrapy.errors import DataFolderError, DiskFullError, P2PError
from p2p_scrapy.lake.atomic import atomic
from p2p_scrapy.lake.day import ClosedDay
from p2p_scrapy.lake.parquet import leaf
from p2p_scrapy.lake.paths import merged_path

SLICE_ROWS = 500_000
"""Rows held at a time, 600 bytes each, and as many again of a column while it is sorted."""
_SAMPLE = 16
"""Every so many rows of a snapshot help to find slices of like size."""

_AD = ("venue", "fiat", "asset", "trade_type", "adv_no")
_TIME = ("fetched_at", "observed_at")

_ZSTD_LEVEL = 9
"""The level after which a day gets no smaller to speak of: 2 % at level 15, four times as slow."""
_PAGE_ROWS = 100_000
"""An ad's past is what compresses its present: with pages of 20,000 rows a day is 10 % larger."""
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
"""Without a dictionary zstd sees whole runs of values that ads share, such as a page's moments."""
_SPLIT = ("month_order_count", "rank", "page", "active_seconds_ago")
"""Small numbers that move at every look: byte by byte, seven of eight bytes cost nothing."""

_Column: TypeAlias = "pa.ChunkedArray[Any]"
_Range: TypeAlias = tuple[str | None, str | None]


class MergeRunningError(P2PError):
    """Another process merges a day of the same month."""

    exit_code = 4


class DailyMerge:
    """The merge of one UTC day; the snapshots are read and left alone.

    Raises:
        NothingClosedError: the day has no closed batch.
        SourceError: one of its manifests cannot be read.
    """

    def __init__(self, data_dir: Path, day: date) -> None:
        self.closed = ClosedDay.find(data_dir, day)
        self.path = merged_path(data_dir, day)
        self._slices = max(1, -(-self.closed.rows // SLICE_ROWS))

    @property
    def is_current(self) -> bool:
        """Whether the file stands and was made of these very snapshots by this schema."""
        try:
            return pq.read_schema(self.path).metadata == self.closed.metadata
        except (pa.ArrowException, OSError, ValueError):
            return False

    @property
    def steps(self) -> int:
        """How often ``write`` will call its ``tick``."""
        return len(self.closed.snapshots) * (1 + self._slices)

    def write(self, tick: Callable[[], object]) -> None:
        """Prove the snapshots and merge them; the file is whole or as it was before.

        Raises:
            SourceError: a snapshot is not what its manifest says; nothing was written.
            MergeRunningError: another merge is at it.
            DiskFullError: no space left for the file.
            DataFolderError: it cannot be written for another reason.
        """
        ranges = self._ranges(tick)
        try:
            with _alone(self.path.parent), atomic(self.path) as temporary:
                self._write_slices(temporary, ranges, tick)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(f"no space left for {self.path}") from error
            raise DataFolderError(f"{self.path} cannot be written: {error.strerror}") from error

    def _ranges(self, tick: Callable[[], object]) -> list[_Range]:
        """Ranges of ads, all of them together, with about as many rows each."""
        samples: list[str] = []
        for snapshot in self.closed.snapshots:
            snapshot.prove()
            samples += _ads(snapshot.read(_AD)).to_pylist()[::_SAMPLE]
            tick()
        samples.sort()
        inner = {samples[len(samples) * at // self._slices] for at in range(1, self._slices)}
        return list(pairwise([None, *sorted(inner), None]))

    def _write_slices(self, path: Path, ranges: list[_Range], tick: Callable[[], object]) -> None:
        schema = AD_SCHEMA.with_metadata(self.closed.metadata)
        with pq.ParquetWriter(path, schema, **_options()) as writer:
            for low, high in ranges:
                table = _sorted(self._slice(low, high, tick), schema)
                if table.num_rows:
                    writer.write_table(table, row_group_size=table.num_rows)

    def _slice(self, low: str | None, high: str | None, tick: Callable[[], object]) -> pa.Table:
        pieces = [AD_SCHEMA.empty_table()]
        for snapshot in self.closed.snapshots:
            table = snapshot.read()
            pieces.append(table.filter(_within(_ads(table), low, high)))
            tick()
        return pa.concat_tables(pieces)
