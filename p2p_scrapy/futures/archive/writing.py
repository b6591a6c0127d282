"""Rows of a file of the archive as Parquet, whole or absent, with where they come from."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from p2p_scrapy.futures.archive.faults import Fault
from p2p_scrapy.futures.archive.rows import Rows, joined
from p2p_scrapy.futures.parquet import parquet_options

ROW_GROUP = 250_000
"""Larger ones make the file little smaller, and their memory is had anew each time."""

SOURCE_KEY = "source"
FOUND_KEY = "found"


class Source(msgspec.Struct, frozen=True):
    """The file of the archive that a Parquet file was made of.

    Attributes:
        url: where it was.
        sha256: as its CHECKSUM told, and as its bytes were proved to be.
        size: bytes.
        modified: when it was written, as the listing said; None where it said nothing.
    """

    url: str
    sha256: str
    size: int
    modified: str | None


class Found(msgspec.Struct, frozen=True):
    """What the file held.

    Attributes:
        rows: how many.
        first_key, last_key: ids of the first and last trade, or the times of candles in
            milliseconds; None where there is no row. Likewise first_time and last_time.
        was_sorted: whether the archive's rows were out of order, so that they were put in order.
        faults: what is wrong with its content.
    """

    rows: int
    first_key: int | None
    last_key: int | None
    first_time: int | None
    last_time: int | None
    was_sorted: bool
    faults: list[Fault]


class Writer:
    """An open Parquet file; rows come in any portions, and are written in groups of ROW_GROUP."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = pq.ParquetWriter(path, schema, **parquet_options(schema))

    def write(self, parts: Iterable[Rows]) -> None:
        """Write all rows."""
        for group in _groups(parts):
            self._file.write_table(group.table, row_group_size=ROW_GROUP)

    def close(self, source: Source, found: Found) -> None:
        """Say where it comes from and what it holds, and end it."""
        told = {SOURCE_KEY: source, FOUND_KEY: found}
        self._file.add_key_value_metadata(
            {key: msgspec.json.encode(each).decode() for key, each in told.items()}
        )
        self._file.close()


def _groups(parts: Iterable[Rows]) -> Iterator[Rows]:
    """The same rows in portions of ROW_GROUP or little more."""
    waiting: list[Rows] = []
    for part in parts:
        waiting.append(part)
        if sum(len(each.numbers) for each in waiting) >= ROW_GROUP:
            yield joined(waiting)
            waiting = []
    if waiting:
        yield joined(waiting)
