"""What earlier batches left in the lake that a new one is measured against."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from items import BatchRecord, Market, Side, Verdict
from p2p_scrapy.lake import manifest

logger = logging.getLogger(__name__)

BATCHES_LOOKED_AT = 12


@dataclass(slots=True)
class MarketHistory:
    """A market's last sweeps: its size in ads when last told, and its last complete reading."""

    total: int | None = None
    complete_unique: int | None = None
    complete_at: datetime | None = None


@dataclass(slots=True)
class History:
    """The last batches of a lake; ``refused`` is a batch's usual number of refused ads."""

    markets: dict[Market, MarketHistory] = field(default_factory=dict)
    refused: float = 0.0

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read the newest batches; one that cannot be read is left out, with a warning."""
        history = cls()
        records = [
            _record(path) for path in islice(manifest.newest_first(data_dir), BATCHES_LOOKED_AT)
        ]
        known = [record for record in records if record is not None]
        for record in reversed(known):
            history._learn(record, data_dir)
        if known:
            history.refused = median(sum(record.refused.values()) for record in known)
        return history

    def _learn(self, record: BatchRecord, data_dir: Path) -> None:
        for file in record.files:
            if "/sweeps/" in file.path:
                self._learn_sweeps(data_dir / file.path)

    def _learn_sweeps(self, path: Path) -> None:
        columns = ["asset", "fiat", "side", "total_last", "unique", "verdict", "swept_at"]
        try:
            rows = pq.read_table(path, columns=columns).to_pylist()
        except (OSError, pa.ArrowException) as error:
            logger.warning("%s cannot be read and is left out: %s", path, error)
            return
        for row in rows:
            market = Market(row["asset"], row["fiat"], Side(row["side"]))
            known = self.markets.setdefault(market, MarketHistory())
            known.total = known.total if row["total_last"] is None else row["total_last"]
            if row["verdict"] == Verdict.COMPLETE:
                known.complete_unique, known.complete_at = row["unique"], row["swept_at"]


def _record(path: Path) -> BatchRecord | None:
    try:
        return manifest.read(path)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be read and is left out: %s", path, error)
        return None
