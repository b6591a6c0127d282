"""The daily merge: all snapshots of a day as one file, ordered by ad and time.

A full day is 7 million rows, over 4 GB in memory, so it is made slice by slice.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from items import AD_SCHEMA
from p2p_scrapy.errors import DataFolderError, DiskFullError, P2PError
from p2p_scrapy.lake import slices
from p2p_scrapy.lake.atomic import atomic
from p2p_scrapy.lake.day import ClosedDay
from p2p_scrapy.lake.merge_encoding import merge_options
from p2p_scrapy.lake.paths import merged_path
from p2p_scrapy.lake.slices import Range, Tick


class MergeRunningError(P2PError):
    """Another process merges a day of the same month."""

    exit_code = 4


class DailyMerge:
    """The merge of one UTC day; the snapshots are read and left alone.

    Raises:
        NothingClosedError: no batch of the day is closed.
        SourceError: a manifest of the day cannot be read.
    """

    def __init__(self, data_dir: Path, day: date) -> None:
        self.closed = ClosedDay.find(data_dir, day)
        self.path = merged_path(data_dir, day)
        self._slices = slices.count(self.closed.rows)

    @property
    def is_current(self) -> bool:
        """Whether the file stands, made of these very snapshots with this schema."""
        try:
            return pq.read_schema(self.path).metadata == self.closed.metadata
        except (pa.ArrowException, OSError, ValueError):
            return False

    @property
    def steps(self) -> int:
        """How often ``write`` calls its ``tick``, or a little less."""
        return len(self.closed.snapshots) * (2 + self._slices)

    def write(self, tick: Tick) -> None:
        """Prove the snapshots and merge them; a file that stood stays until the new one is whole.

        Raises:
            SourceError: a snapshot is not what its manifest tells; nothing was written.
            MergeRunningError: another merge is at it.
            DiskFullError: there is no room for the file.
            DataFolderError: it cannot be written for another reason.
        """
        for snapshot in self.closed.snapshots:
            snapshot.prove()
            tick()
        ranges = slices.cut(self.closed.snapshots, self._slices, tick)
        try:
            with _alone(self.path.parent), atomic(self.path) as temporary:
                self._write_slices(temporary, ranges, tick)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(f"no space left for {self.path}") from error
            raise DataFolderError(f"{self.path} cannot be written: {error}") from error

    def _write_slices(self, path: Path, ranges: list[Range], tick: Tick) -> None:
        """A row group a slice."""
        schema = AD_SCHEMA.with_metadata(self.closed.metadata)
        with pq.ParquetWriter(path, schema, **merge_options()) as writer:
            for ads in ranges:
                writer.write_table(slices.read(self.closed.snapshots, ads, tick))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, for two merges would write to one temporary file.

    Raises:
        MergeRunningError: another process has it.
        OSError: the folder cannot be made or opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _take(lock, folder)
        yield
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise MergeRunningError(f"another merge is writing to {folder}; wait for it") from error
