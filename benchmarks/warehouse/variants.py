"""Batches like another one, some minutes later: unchanged, changed by a twentieth, or all new."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa

from items import AD_SCHEMA, BatchRecord, FileRecord, Side, snapshot_id
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.staging.compute import Column, pc

Change = Callable[[pa.Table], pa.Table]

_NEW, _REPRICED = 0.016, 0.05
"""Of a hundred ads 1.6 make room for new ones, and 3.4 have another price."""


def unchanged(ads: pa.Table) -> pa.Table:
    """The same ads."""
    return ads


def all_new(ads: pa.Table) -> pa.Table:
    """Every ad under a number that was never seen; the last digits keep it one."""
    return _with(ads, "adv_no", pa.array([f"14{number[2:]}" for number in _list(ads, "adv_no")]))


def twentieth_changed(ads: pa.Table) -> pa.Table:
    """As many new and changed ads as ten minutes bring in life."""
    fate = np.random.default_rng(1).random(ads.num_rows)
    numbers = [
        f"15{number[2:]}" if chance < _NEW else number
        for number, chance in zip(_list(ads, "adv_no"), fate, strict=True)
    ]
    prices = [
        float(f"{price * 1.01:.8g}") if _NEW <= chance < _REPRICED else price
        for price, chance in zip(_list(ads, "price"), fate, strict=True)
    ]
    return _with(_with(ads, "adv_no", pa.array(numbers)), "price", pa.array(prices))


@dataclass(frozen=True)
class Variant:
    """A batch of which later ones are made, in the lake ``data_dir``."""

    batch: LakeBatch
    data_dir: Path

    def later(self, by: timedelta, change: Change) -> LakeBatch:
        """Write the batch that looks like this one, ``by`` later and changed."""
        record = replace(
            self.batch.record,
            batch_id=str(uuid4()),
            started_at=self.batch.record.started_at + by,
            ended_at=self.batch.record.ended_at + by,
        )
        paths = BatchPaths(self.data_dir, record.started_at)
        record.files = [
            *self._snapshots(record, paths, by, change),
            self._ledger(record, paths, by),
        ]
        manifest.write(record, paths.manifest)
        return LakeBatch(self.data_dir, paths.manifest)

    def _snapshots(
        self, record: BatchRecord, paths: BatchPaths, by: timedelta, change: Change
    ) -> list[FileRecord]:
        ads = change(self.batch.ads(AD_SCHEMA.names))
        ads = _shifted(ads, by, "fetched_at", "observed_at")
        ads = _with(ads, "batch_id", pa.repeat(record.batch_id, ads.num_rows))
        ads = _with(ads, "fetched_date", pa.repeat(f"{record.started_at:%Y-%m-%d}", ads.num_rows))
        files = []
        for side in Side:
            book = ads.filter(pc.equal(ads["trade_type"], side.value))
            name = snapshot_id(record.started_at, side)
            book = _with(book, "snapshot_id", pa.repeat(name, book.num_rows))
            write_table(book, paths.snapshot(side))
            files.append(manifest.describe(paths.snapshot(side), book.num_rows, paths.data_dir))
        return files

    def _ledger(self, record: BatchRecord, paths: BatchPaths, by: timedelta) -> FileRecord:
        ledger = _shifted(self.batch.sweeps(), by, "started_at", "first_response_at", "swept_at")
        ledger = _with(ledger, "batch_id", pa.repeat(record.batch_id, ledger.num_rows))
        write_table(ledger, paths.ledger)
        return manifest.describe(paths.ledger, ledger.num_rows, paths.data_dir)


def _shifted(table: pa.Table, by: timedelta, *names: str) -> pa.Table:
    for name in names:
        table = _with(table, name, pc.add(table[name], pa.scalar(by, pa.duration("us"))))
    return table


def _with(table: pa.Table, name: str, values: Column) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(name), values)


def _list(table: pa.Table, name: str) -> list[Any]:
    return table[name].to_pylist()
