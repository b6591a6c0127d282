"""A lake on disk, built from the schema alone, right in every way until a test breaks it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items import AD_SCHEMA, SWEEP_SCHEMA, Side, snapshot_id
from p2p_scrapy.lake.inspection import Inspection, Outcome, Report, scan
from p2p_scrapy.lake.paths import BatchPaths

START = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
INTERVAL = timedelta(seconds=600)
MARKETS = (("USDT", "BOB", 12.0), ("BTC", "VES", 30_000_000.0), ("USDT", "VES", 300.0))
"""In the order of fiat and asset, with a price; bids are 1 % below it, asks 1 % above."""

Row = dict[str, Any]
Change = Callable[[list[Row]], object]


def ad(market: tuple[str, str, float], side: Side, at: datetime, rank: int) -> Row:
    asset, fiat, price = market
    row = dict.fromkeys(AD_SCHEMA.names)
    away = -1 if side is Side.BUY else 1
    number = f"{fiat}{asset}{side}{rank}"
    return row | {
        "snapshot_id": snapshot_id(at, side),
        "fetched_at": at,
        "fetched_date": f"{at:%Y-%m-%d}",
        "trade_type": side.value,
        "adv_no": number,
        "asset": asset,
        "fiat": fiat,
        "price": round(price * (1 + away * (0.01 + rank / 1000)), 4),
        "surplus_amount": 100.0 + rank,
        "min_amount": 10.0,
        "max_amount": 1000.0,
        "tradable_quantity": 90.0,
        "advertiser_no": f"u{rank % 7}{side}",
        "advertiser_name": f"name {rank}",
        "advertiser_type": "merchant" if rank % 3 == 0 else "user",
        "month_order_count": rank,
        "month_finish_rate": 0.98,
        "positive_rate": 1.0,
        "payment_methods": ["BANESCO", None] if rank % 2 else ["PagoMovil"],
        "payment_method_ids": ["Banesco", "x"] if rank % 2 else ["PagoMovil"],
        "batch_id": f"{at:%Y%m%dT%H%M%SZ}",
        "venue": "binance",
        "observed_at": at + timedelta(seconds=3),
        "search_side": side.opposite.value,
        "rank": rank,
        "page": 1,
        "is_promoted": False,
    }


def ads(side: Side, at: datetime, count: int = 8) -> list[Row]:
    """Each market's natural ads, and one that is only promoted behind them."""
    rows = []
    for market in MARKETS:
        rows += [ad(market, side, at, rank) for rank in range(1, count + 1)]
        promoted = ad(market, side, at, 99) | {"rank": None, "is_promoted": True}
        rows.append(promoted)
    return rows


def sweeps(at: datetime, count: int = 8) -> list[Row]:
    return [
        dict.fromkeys(SWEEP_SCHEMA.names)
        | {
            "venue": "binance",
            "batch_id": f"{at:%Y%m%dT%H%M%SZ}",
            "asset": asset,
            "fiat": fiat,
            "side": side.value,
            "started_at": at,
            "swept_at": at,
            "lane": "direct",
            "total_first": count,
            "total_last": count,
            "rows": count + 1,
            "unique": count,
            "promoted": 1,
            "duplicates": 0,
            "refused": 0,
            "pages": 1,
            "rereads": 0,
            "verdict": "complete",
        }
        for asset, fiat, _ in MARKETS
        for side in Side
    ]


def write(path: Path, table: pa.Table, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **{"write_page_checksum": True, "compression": "zstd"} | options)
    return path


@dataclass
class Lake:
    data_dir: Path

    def paths(self, number: int = 0) -> BatchPaths:
        return BatchPaths(self.data_dir, START + number * INTERVAL)

    def snapshot(self, side: Side = Side.SELL, number: int = 0, change: Change = len) -> Path:
        """Write one snapshot; ``change`` works on its rows first."""
        rows = ads(side, START + number * INTERVAL)
        change(rows)
        table = pa.Table.from_pylist(rows, schema=AD_SCHEMA)
        path = write(self.paths(number).snapshot(side), table)
        write(path.with_name("_schema.parquet"), AD_SCHEMA.empty_table())
        return path

    def ledger(self, number: int = 0, change: Change = len) -> Path:
        rows = sweeps(START + number * INTERVAL)
        change(rows)
        return write(self.paths(number).ledger, pa.Table.from_pylist(rows, schema=SWEEP_SCHEMA))

    def manifest(self, number: int = 0, **fields: Any) -> Path:
        """Write the manifest over the files that are there."""
        paths = self.paths(number)
        files = [paths.snapshot(side) for side in Side] + [paths.ledger]
        record = {
            "manifest_version": 1,
            "schema_version": "1",
            "batch_id": "x",
            "venue": "binance",
            "status": "completed",
            "started_at": (START + number * INTERVAL).isoformat(),
            "ended_at": (START + number * INTERVAL).isoformat(),
            "interval_seconds": 600,
            "files": [self._entry(file) for file in files if file.exists()],
        }
        paths.manifest.parent.mkdir(parents=True, exist_ok=True)
        paths.manifest.write_text(json.dumps(record | fields))
        return paths.manifest

    def batch(self, number: int = 0) -> None:
        for side in Side:
            self.snapshot(side, number)
        self.ledger(number)
        self.manifest(number)

    def _entry(self, path: Path) -> Row:
        return {
            "path": path.relative_to(self.data_dir).as_posix(),
            "rows": pq.read_metadata(path).num_rows,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "data")


@pytest.fixture
def inspect() -> Callable[..., Report]:
    def take(*paths: Path, interval: float | None = None) -> Report:
        found = scan([str(path) for path in paths])
        inspection = Inspection(found, interval)
        for batch in found.batches:
            inspection.read(batch)
        return inspection.report()

    return take


@pytest.fixture
def troubles() -> Callable[[Report], dict[str, Outcome]]:
    """The checks that did not pass, by name."""
    return lambda report: {
        tally.check.name: tally.outcome for tally in report.tallies if tally.count
    }


@pytest.fixture
def far_future() -> Callable[[Path], Path]:
    """Move a snapshot's fetched_at to a year that Python has no date for."""

    def move(path: Path) -> Path:
        table = pq.read_table(path, partitioning=None)
        at = table.schema.names.index("fetched_at")
        far = pa.array([2**62] * len(table), pa.int64()).cast(AD_SCHEMA.field("fetched_at").type)
        return write(path, table.set_column(at, "fetched_at", far))

    return move
