"""Quality checks: what each batch is measured by, recorded with it (docs/warehouse.md)."""

from p2p_scrapy.warehouse.quality.batch import check
from p2p_scrapy.warehouse.quality.outcome import Check
from p2p_scrapy.warehouse.quality.thresholds import Thresholds

__all__ = ["Check", "Thresholds", "check"]
