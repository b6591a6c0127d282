"""A look at the books as a closed batch of a lake: two snapshots, a ledger, a manifest."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.month.looks import READING
from benchmarks.month.snapshots import Snapshots
from items import BatchRecord, FileRecord, Shortfall, Side, Verdict
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths

_ZSTD_LEVEL = 1
"""The files live for a second: the lake's own level would cost more than all the rest."""


def write_batch(data_dir: Path, books: Snapshots, ledger: pa.Table) -> Path:
    """Write the files, then the manifest, whose path is returned."""
    paths = BatchPaths(data_dir, books.started_at)
    snapshots = [_file(books.of(side), paths.snapshot(side), data_dir) for side in Side]
    files = [*snapshots, _file(ledger, paths.ledger, data_dir)]
    record = replace(_record(books, ledger), files=files, ads=_counts(snapshots))
    manifest.write(record, paths.manifest)
    return paths.manifest


def _file(table: pa.Table, path: Path, data_dir: Path) -> FileRecord:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=_ZSTD_LEVEL)
    return manifest.describe(path, table.num_rows, data_dir)


def _counts(snapshots: list[FileRecord]) -> dict[str, int]:
    return {side.lower(): file.rows for side, file in zip(Side, snapshots, strict=True)}


def _record(books: Snapshots, ledger: pa.Table) -> BatchRecord:
    """The seed's manifest, with what came of this look."""
    shortfalls = [_shortfall(row) for row in ledger.to_pylist() if row["error"]]
    partial, failed = int(books.look.is_partial.sum()), int(books.look.is_failed.sum())
    return replace(
        books.seed.record,
        batch_id=books.batch_id,
        started_at=books.started_at,
        ended_at=books.started_at + timedelta(microseconds=READING),
        planned=ledger.num_rows,
        complete=ledger.num_rows - partial - failed,
        partial=partial,
        failed=failed,
        shortfalls=shortfalls,
    )


def _shortfall(row: dict[str, str]) -> Shortfall:
    market = f"{row['asset']}/{row['fiat']} {row['side']}"
    return Shortfall(market, Verdict(row["verdict"]).value, row["error"])
