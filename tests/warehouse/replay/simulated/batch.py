"""Rows of a batch, and the batch closed into a lake by the lake's own writers."""

from collections import Counter
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, get_origin

from items import AD_COLUMNS, SWEEP_COLUMNS, VENUE, BatchRecord, Market, Status
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.paths import BatchPaths
from tests.warehouse.replay.simulated.books import Offer


@dataclass
class Sweep:
    """One reading that is under way: its pages come one by one, among those of others."""

    market: Market
    verdict: str
    started_at: datetime
    pages: list[tuple[datetime, list[tuple[Offer, int | None]]]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


def ad_row(market: Market, started_at: datetime, **columns: Any) -> dict[str, Any]:
    """A row of a snapshot; columns that are not given are null."""
    return (
        dict.fromkeys(AD_COLUMNS)
        | {
            "snapshot_id": f"{started_at:%Y%m%dT%H%M%SZ}_{market.side}",
            "fetched_at": started_at,
            "fetched_date": f"{started_at:%Y-%m-%d}",
            "trade_type": market.side.value,
            "asset": market.asset,
            "fiat": market.fiat,
            "venue": VENUE,
            "search_side": market.side.opposite.value,
            "page": 1,
            "is_promoted": False,
        }
        | columns
    )


def ledger_row(market: Market, verdict: str, **columns: Any) -> dict[str, Any]:
    """A row of the ledger; counts that are not given are 0."""
    counts = ("rows", "unique", "promoted", "duplicates", "refused", "pages", "rereads")
    return (
        dict.fromkeys(SWEEP_COLUMNS)
        | dict.fromkeys(counts, 0)
        | {"venue": VENUE, "asset": market.asset, "fiat": market.fiat, "side": market.side.value}
        | {"lane": "direct", "verdict": verdict}
        | columns
    )


def write(
    paths: BatchPaths, batch_id: str, ledger: list[dict[str, Any]], sweeps: list[Sweep]
) -> None:
    """Close a batch, in the way that a run does."""
    journal = Journal(paths.journal)
    for sweep in sweeps:
        for row in sweep.rows:
            journal.append("ad", [row[name] for name in AD_COLUMNS])
        for refused in sweep.refused:
            journal.append("refusal", refused)
    for row in ledger:
        journal.append("sweep", [(row | {"batch_id": batch_id})[name] for name in SWEEP_COLUMNS])
    journal.close()
    close_batch(_record(paths, batch_id, ledger), paths)


def _record(paths: BatchPaths, batch_id: str, ledger: list[dict[str, Any]]) -> BatchRecord:
    nothing: dict[Any, Any] = {int: 0, str: "exchange", bool: False}
    empty = {
        each.name: each.type() if get_origin(each.type) in (list, dict) else nothing.get(each.type)
        for each in fields(BatchRecord)
        if each.default is MISSING and each.default_factory is MISSING
    }
    verdicts = Counter(row["verdict"] for row in ledger)
    moments = [row["swept_at"] for row in ledger if row["swept_at"]]
    is_whole = verdicts["complete"] == len(ledger)
    return BatchRecord(
        **empty
        | {
            "batch_id": batch_id,
            "started_at": paths.started_at,
            "ended_at": max(moments, default=paths.started_at) + timedelta(seconds=1),
            "status": Status.COMPLETED if is_whole else Status.PARTIAL,
            "interval_seconds": 600,
            "planned": len(ledger),
            "complete": verdicts["complete"],
            "partial": verdicts["partial"],
            "failed": verdicts["failed"],
            "scope": {},
            "completeness": 1.0,
            "coverage": 1.0,
        }
    )
