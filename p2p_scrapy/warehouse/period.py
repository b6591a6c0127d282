"""A span of the lake's history."""

from dataclasses import dataclass
from datetime import UTC, datetime

from p2p_scrapy.warehouse.lake_batch import LakeBatch


@dataclass(frozen=True)
class Period:
    """Batches that started from ``start`` on and before ``end``; UTC."""

    start: datetime = datetime(1, 1, 1, tzinfo=UTC)
    end: datetime = datetime(9999, 1, 1, tzinfo=UTC)

    def has(self, batch: LakeBatch) -> bool:
        """Whether a batch is one of them."""
        return self.start <= batch.started_at < self.end


EVER = Period()
"""All of it."""
