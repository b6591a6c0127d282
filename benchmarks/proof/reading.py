"""The sweeps that a crawl left in its data folder."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from p2p_scrapy.exchange.market import MarketKey


@dataclass(frozen=True, slots=True)
class Reading:
    """One sweep; ``numbers`` are its natural ads, times UTC, ``seconds`` from start to end."""

    market: MarketKey
    verdict: str
    error: str | None
    started_at: datetime
    swept_at: datetime
    pages: int
    rereads: int
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """A crawl's sweeps, and how many searches they took."""

    readings: list[Reading]
    searches: int


def read_batch(folder: Path, searches: int) -> Batch:
    """The newest batch of a data folder, whose sweeps took so many searches."""
    manifest = max((folder / "raw/batches").rglob("batch_*.json"))
    stamp = manifest.stem.removeprefix("batch_")
    if json.loads(manifest.read_text())["refused"]:
        raise ValueError("ads were refused: the snapshot is not all that was seen")
    numbers = defaultdict(set)
    for side in ("buy", "sell"):
        for ad in _rows(folder, f"{side}_ads/**/snapshot_{stamp}.parquet"):
            if ad["rank"] is not None:
                numbers[ad["fiat"], ad["asset"], ad["trade_type"]].add(ad["adv_no"])
    rows = _rows(folder, f"sweeps/**/sweeps_{stamp}.parquet")
    return Batch([_reading(row, numbers) for row in rows if row["swept_at"]], searches)


def _reading(row: dict[str, Any], numbers: dict[MarketKey, set[str]]) -> Reading:
    market = row["fiat"], row["asset"], row["side"]
    return Reading(
        market,
        row["verdict"],
        row["error"],
        row["started_at"],
        row["swept_at"],
        row["pages"],
        row["rereads"],
        frozenset(numbers.get(market, ())),
    )


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    (path,) = (folder / "raw").glob(pattern)
    yield from pq.read_table(path, partitioning=None).to_pylist()
