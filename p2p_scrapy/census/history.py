"""What earlier batches left in the lake that a new one is measured against."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from items import BatchRecord, Market, Side, Verdict
from p2p_scrapy.census import changes
from p2p_scrapy.census.market_history import MarketHistory, MarketsFile
from p2p_scrapy.lake import manifest

logger = logging.getLogger(__name__)

BATCHES_LOOKED_AT = 12
"""For what is usual in a batch as a whole."""
REBUILT_FROM = timedelta(hours=6)
"""How much of the lake is gone through where what is kept of the markets is missing."""

_COLUMNS = ["asset", "fiat", "side", "started_at", "swept_at", "total_last", "unique", "verdict"]


@dataclass(slots=True)
class History:
    """What is known of the markets, by batches up to the one that began at ``through``.

    ``refused`` is a batch's usual number of refused ads.
    """

    markets: dict[Market, MarketHistory] = field(default_factory=dict)
    refused: float = 0.0
    through: datetime | None = None

    @classmethod
    def load(cls, data_dir: Path, now: datetime) -> Self:
        """Bring what is kept up to date by the batches in the lake that are newer, and keep it.

        A batch that cannot be read is left out, with a warning; so is one that lies in the future,
        since another clock dated it.
        """
        file = MarketsFile.load(data_dir, now)
        records = _records(data_dir, now, file.through)
        history = cls(dict(file.markets), through=file.through)
        unknown = [each for each in records if not file.through or each.started_at > file.through]
        for record in reversed(unknown):
            history._learn(record, data_dir, is_newest=record is unknown[0])
        if unknown:
            history.through = unknown[0].started_at
            history._save(data_dir)
        if recent := records[:BATCHES_LOOKED_AT]:
            history.refused = median(sum(record.refused.values()) for record in recent)
        return history

    def delist(self, markets: list[Market], data_dir: Path) -> None:
        """Keep that these are told to be listed no more, so that no later batch tells it again."""
        for market in markets:
            self.markets[market].is_delisted = True
        if markets:
            self._save(data_dir)

    def _save(self, data_dir: Path) -> None:
        MarketsFile(self.through, list(self.markets.items())).save(data_dir)

    def _learn(self, record: BatchRecord, data_dir: Path, *, is_newest: bool) -> None:
        """Enter a batch; changes are taken from the newest alone, since comparing books costs."""
        rows = [
            row
            for file in record.files
            if "/sweeps/" in file.path
            for row in _sweeps(data_dir / file.path)
        ]
        if is_newest:
            self._learn_changes(record, rows, data_dir)
        for row in rows:
            self._learn_sweep(record, row)

    def _learn_sweep(self, record: BatchRecord, row: dict[str, Any]) -> None:
        known = self.markets.setdefault(_market(row), MarketHistory())
        known.asked_at, known.is_delisted = row["started_at"], False
        known.total = known.total if row["total_last"] is None else row["total_last"]
        if row["verdict"] == Verdict.COMPLETE:
            known.complete_unique, known.complete_at = row["unique"], row["swept_at"]
            known.complete_in = record.started_at

    def _learn_changes(
        self, record: BatchRecord, rows: list[dict[str, Any]], data_dir: Path
    ) -> None:
        """Compare each complete book with the same market's last complete one."""
        complete = {_market(row): row for row in rows if row["verdict"] == Verdict.COMPLETE}
        before = self._last_books(complete, data_dir)
        markets = [market for each in before.values() for market in each[0]]
        after = changes.books(data_dir, record.started_at, markets)
        if after is None:
            return
        counts = changes.changed(changes.together([each[1] for each in before.values()]), after)
        for market in markets:
            self._watch(market, complete[market], counts[str(market)])

    def _last_books(
        self, complete: dict[Market, dict[str, Any]], data_dir: Path
    ) -> dict[datetime, tuple[list[Market], pa.Table]]:
        """By batch, the markets whose last complete sweep it holds, and their books."""
        batches: dict[datetime, list[Market]] = {}
        for market in complete:
            known = self.markets.get(market)
            if known is not None and known.complete_in is not None:
                batches.setdefault(known.complete_in, []).append(market)
        found = {at: (each, changes.books(data_dir, at, each)) for at, each in batches.items()}
        return {at: (each, table) for at, (each, table) in found.items() if table is not None}

    def _watch(self, market: Market, row: dict[str, Any], count: int) -> None:
        known = self.markets[market]
        if known.complete_at is not None and known.complete_unique is not None:
            seconds = (row["swept_at"] - known.complete_at).total_seconds()
            known.watch(count, max(row["unique"], known.complete_unique), max(seconds, 0.0))


def _records(data_dir: Path, now: datetime, through: datetime | None) -> list[BatchRecord]:
    """The batches that matter, the newest first."""
    found: list[BatchRecord] = []
    for path in manifest.newest_first(data_dir):
        record = _record(path)
        if record is None or record.started_at > now:
            continue
        since = found[0].started_at - REBUILT_FROM if found else record.started_at
        if len(found) >= BATCHES_LOOKED_AT and record.started_at <= (through or since):
            break
        found.append(record)
    return found


def _record(path: Path) -> BatchRecord | None:
    try:
        return manifest.read(path)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be read and is left out: %s", path, error)
        return None


def _sweeps(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = pq.read_table(path, columns=_COLUMNS).to_pylist()
    except (OSError, pa.ArrowException) as error:
        logger.warning("%s cannot be read and is left out: %s", path, error)
        return []
    return rows


def _market(row: dict[str, Any]) -> Market:
    return Market(row["asset"], row["fiat"], Side(row["side"]))
