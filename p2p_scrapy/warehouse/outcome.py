"""What a run of the loader came to."""

import logging
from dataclasses import dataclass, field

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
