"""A day's closed batches, and the proof that their snapshots are what was written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from items import AD_SCHEMA, SCHEMA_VERSION, FileRecord, Side
from p2p_scrapy.errors import P2PError
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths

_DAMAGE = (pa.ArrowException, OSError, ValueError)
"""What reading raises on damaged bytes; a manifest's are a ValueError."""


class NothingClosedError(P2PError):
    """No batch of the day is closed, so there is nothing to merge."""


class SourceError(P2PError):
    """A manifest or a snapshot of the day is not what was written."""

    def __init__(self, path: Path, why: str, manifest_path: Path) -> None:
        remedy = f"take it from a backup, or move {manifest_path} away to go on without that batch"
        super().__init__(f"{path} {why}; {remedy}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file of ads, and what the manifest of its batch says of it."""

    data_dir: Path
    record: FileRecord
    manifest_path: Path

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.data_dir / self.record.path

    def prove(self) -> None:
        """Compare the file with its manifest: rows, bytes, SHA-256; and its columns with ours.

        Raises:
            SourceError: it is another one, or is not there.
        """
        try:
            with pq.ParquetFile(self.path) as file:
                rows, schema = file.metadata.num_rows, file.schema_arrow
            found = manifest.describe(self.path, rows, self.data_dir)
        except _DAMAGE as error:
            raise self._error(_reason(error)) from error
        if found != self.record:
            raise self._error("is not the file that the manifest tells of")
        if not schema.equals(AD_SCHEMA):
            raise self._error("has the columns of another version")

    def read(self, columns: Sequence[str] = AD_SCHEMA.names) -> pa.Table:
        """Read some of its columns.

        Raises:
            SourceError: it has changed since it was proved.
        """
        try:
            with pq.ParquetFile(self.path) as file:
                return file.read(list(columns))
        except _DAMAGE as error:
            raise self._error(_reason(error)) from error

    def _error(self, why: str) -> SourceError:
        return SourceError(self.path, why, self.manifest_path)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """The batches that began on a UTC day.

    Attributes:
        batches: how many of them are closed: their manifests stand.
        running: how many runs of the day are not closed yet, samples included.
        snapshots: the files of the closed ones, both sides, in the order of time.
    """

    batches: int
    running: int
    snapshots: tuple[Snapshot, ...]

    @classmethod
    def find(cls, data_dir: Path, day: date) -> Self:
        """Read the manifests of a day; no other file is touched.

        Raises:
            NothingClosedError: there is none.
            SourceError: one cannot be read.
        """
        paths = BatchPaths(data_dir, datetime.combine(day, time(), UTC))
        manifests = sorted(paths.manifest.parent.glob("batch_*.json"))
        if not manifests:
            raise NothingClosedError(f"no batch of {day} is closed in {data_dir}: nothing to merge")
        running = list(paths.journal.parent.glob(f".batch_{day:%Y%m%d}_*.journal.tmp"))
        snapshots = (each for path in manifests for each in _snapshots(data_dir, path))
        return cls(len(manifests), len(running), tuple(snapshots))

    @property
    def rows(self) -> int:
        """Rows of all snapshots, as the manifests say."""
        return sum(snapshot.record.rows for snapshot in self.snapshots)

    @property
    def metadata(self) -> dict[bytes, bytes]:
        """What names these snapshots, and no others, in a file made of them."""
        lines = (f"{each.record.sha256}  {each.record.path}\n" for each in self.snapshots)
        return {
            b"schema_version": SCHEMA_VERSION.encode(),
            b"merged_batches": str(self.batches).encode(),
            b"merged_digest": hashlib.sha256("".join(lines).encode()).hexdigest().encode(),
        }


def _snapshots(data_dir: Path, path: Path) -> list[Snapshot]:
    try:
        record = manifest.read(path)
    except _DAMAGE as error:
        raise SourceError(path, _reason(error), path) from error
    paths = BatchPaths(data_dir, record.started_at)
    names = {paths.snapshot(side).relative_to(data_dir).as_posix() for side in Side}
    return [Snapshot(data_dir, file, path) for file in record.files if file.path in names]


def _reason(error: BaseException) -> str:
    """The first line: what follows are addresses in Arrow's own source."""
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {str(error).splitlines()[0]}"
