"""What a run of the loader came to."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from p2p_scrapy.warehouse.lake_batch import DamagedBatchError, LakeBatch
from p2p_scrapy.warehouse.loading import Loaded

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of the batches that waited; ``damaged`` and ``left`` are said in sentences."""

    loaded: list[Loaded] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def leave_out(self, batch: LakeBatch, error: DamagedBatchError) -> None:
        """Note that a batch is not loaded, as it is damaged."""
        logger.error("The batch of %s is not loaded: %s", batch.started_at, error)
        self.damaged.append(str(error))

    def leave_behind(self, batches: list[LakeBatch], kept_since: datetime) -> None:
        """Note that batches are not loaded, as the history that is kept begins after them."""
        if batches:
            span = f"{len(batches)} batches from {batches[0].started_at} on are not loaded"
            self.left.append(f"{span}: the warehouse keeps no history from before {kept_since}")
