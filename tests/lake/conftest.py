"""A batch's journal and paths, and a disk small enough to be filled."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_origin

import pytest

from items import AD_COLUMNS, SWEEP_COLUMNS, BatchRecord, Side, Status
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.paths import BatchPaths

STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)

NOTHING = {int: 0, str: "", bool: False}
EMPTY: dict[str, Any] = {
    field.name: field.type() if get_origin(field.type) in (list, dict) else NOTHING.get(field.type)
    for field in fields(BatchRecord)
    if field.default is MISSING and field.default_factory is MISSING
}
"""A record of nothing: zeros, and empty lists and dictionaries."""


@pytest.fixture
def paths(tmp_path: Path) -> BatchPaths:
    return BatchPaths(tmp_path / "data", STARTED_AT)


@pytest.fixture(scope="session")
def ad_row() -> Callable[..., list[Any]]:
    """A row of the ad columns; what is not named is None or something plain."""

    def build(adv_no: str, side: Side, fiat: str, asset: str, rank: int | None, **more: Any) -> Any:
        values = dict.fromkeys(AD_COLUMNS) | {
            "snapshot_id": f"20260605T133000Z_{side}",
            "fetched_at": STARTED_AT,
            "fetched_date": "2026-06-05",
            "trade_type": side,
            "adv_no": adv_no,
            "asset": asset,
            "fiat": fiat,
            "price": 58.1,
            "month_order_count": 21,
            "payment_methods": ["BANESCO", None],
            "ad_created_at": STARTED_AT - timedelta(days=3, microseconds=1),
            "observed_at": STARTED_AT + timedelta(seconds=4, microseconds=500_001),
            "rank": rank,
            "page": 1,
            "is_promoted": rank is None,
        }
        return list((values | more).values())

    return build


@pytest.fixture(scope="session")
def sweep_row() -> Callable[..., list[Any]]:
    def build(asset: str, fiat: str, side: str, **more: Any) -> list[Any]:
        values = dict.fromkeys(SWEEP_COLUMNS) | {
            "venue": "binance",
            "asset": asset,
            "fiat": fiat,
            "side": side,
            "started_at": STARTED_AT,
            "swept_at": STARTED_AT + timedelta(seconds=5),
            "unique": 2,
            "verdict": "complete",
        }
        return list((values | more).values())

    return build


@pytest.fixture
def write_journal(paths: BatchPaths) -> Callable[..., None]:
    """Write records to the batch's journal."""

    def write(*records: tuple[str, Any]) -> None:
        log = Journal(paths.journal)
        for kind, payload in records:
            log.append(kind, payload)
        log.close()

    return write


@pytest.fixture
def record() -> BatchRecord:
    figures = {
        "batch_id": "batch-1",
        "started_at": STARTED_AT,
        "ended_at": STARTED_AT + timedelta(seconds=80),
        "status": Status.COMPLETED,
        "interval_seconds": 600,
        "scope": {"fiats": ["VES"]},
        "catalogue": "exchange",
        "planned": 2,
        "complete": 2,
        "ads": {"buy": 2, "sell": 3},
        "completeness": 1.0,
        "refused": {"no_price": 1},
        "requests": {"sent": 7},
    }
    return BatchRecord(**(EMPTY | figures))
