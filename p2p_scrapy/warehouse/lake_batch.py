"""A closed batch of the lake, read back: proved whole before a row of it is used."""

import gzip
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from items import AD_SCHEMA, SWEEP_SCHEMA, BatchRecord, FileRecord
from p2p_scrapy.errors import WarehouseError
from p2p_scrapy.lake import manifest

_BOOKS = ("raw/buy_ads/", "raw/sell_ads/")
_LEDGER = "raw/sweeps/"
_REJECTED = "rejected/"
_NAME = re.compile(r"batch_\d{8}_\d{6}")


class DamagedBatchError(WarehouseError):
    """A batch of the lake is not what its manifest says; nothing of it is loaded."""


@dataclass(frozen=True)
class LakeBatch:
    """One closed batch; ``path`` is its manifest, below ``data_dir``."""

    data_dir: Path
    path: Path

    @property
    def started_at(self) -> datetime:
        """The batch's start, from its name, UTC."""
        return datetime.strptime(self.path.stem, "batch_%Y%m%d_%H%M%S").replace(tzinfo=UTC)

    @cached_property
    def record(self) -> BatchRecord:
        """The manifest.

        Raises:
            DamagedBatchError: it cannot be read.
        """
        try:
            return manifest.read(self.path)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DamagedBatchError(f"the manifest {self.path} cannot be read: {error}") from error

    @property
    def digest(self) -> str:
        """What tells this content from any other under the same name: SHA-256 of all file sums."""
        sums = sorted(f"{file.path} {file.sha256}" for file in self.record.files)
        return hashlib.sha256("\n".join(sums).encode()).hexdigest()

    def prove(self) -> None:
        """See that its files are what the manifest says.

        Raises:
            DamagedBatchError: one is missing or changed, or the manifest cannot be read.
        """
        for file in self._files(*_BOOKS, _LEDGER, _REJECTED):
            self._content(file)

    def ads(self, columns: list[str]) -> pa.Table:
        """All kept ads, both sides; columns that an older file lacks are null.

        Raises:
            DamagedBatchError: a file is missing or changed.
        """
        tables = [self._table(file, AD_SCHEMA, columns) for file in self._files(*_BOOKS)]
        return pa.concat_tables(tables) if tables else _only(AD_SCHEMA, columns).empty_table()

    def sweeps(self) -> pa.Table:
        """The ledger.

        Raises:
            DamagedBatchError: the file is missing or changed.
        """
        tables = [
            self._table(file, SWEEP_SCHEMA, SWEEP_SCHEMA.names) for file in self._files(_LEDGER)
        ]
        return pa.concat_tables(tables) if tables else SWEEP_SCHEMA.empty_table()

    def refusals(self) -> Iterator[dict[str, Any]]:
        """Every refused ad, as in ``rejected/``.

        Raises:
            DamagedBatchError: the file is missing or changed.
        """
        for file in self._files(_REJECTED):
            with gzip.open(io.BytesIO(self._content(file))) as lines:
                yield from map(msgspec.json.decode, lines)

    def _files(self, *prefixes: str) -> list[FileRecord]:
        return [file for file in self.record.files if file.path.startswith(prefixes)]

    def _content(self, file: FileRecord) -> bytes:
        path = self.data_dir / file.path
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DamagedBatchError(f"{path} cannot be read: {error.strerror}") from error
        if hashlib.sha256(content).hexdigest() != file.sha256:
            message = f"{path} is not what its manifest says"
            raise DamagedBatchError(f"{message}; restore it from a backup, then load it again")
        return content

    def _table(self, file: FileRecord, schema: pa.Schema, columns: list[str]) -> pa.Table:
        source = pq.ParquetFile(pa.BufferReader(self._content(file)))
        there = [name for name in columns if name in source.schema_arrow.names]
        table = source.read(columns=there)
        for name in columns:
            if name not in there:
                nothing = pa.nulls(table.num_rows, schema.field(name).type)
                table = table.append_column(name, nothing)
        return table.select(columns).cast(_only(schema, columns))


def _only(schema: pa.Schema, columns: list[str]) -> pa.Schema:
    return pa.schema([schema.field(name) for name in columns])


def closed_batches(data_dir: Path) -> list[LakeBatch]:
    """Every batch of the census whose manifest stands, the oldest first."""
    paths = [path for path in manifest.newest_first(data_dir) if _NAME.fullmatch(path.stem)]
    return [LakeBatch(data_dir, path) for path in reversed(paths)]
