"""The checkpoint: where a run of batches stands, for the daemon and for people."""

from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from p2p_scrapy import kept
from p2p_scrapy.kept import Moment

VERSION = "1.0"


class Checkpoint(msgspec.Struct, kw_only=True):
    """``checkpoint.json``; times are batch starts, UTC, of batches that were completed."""

    last_completed_snapshot: Moment | None = None
    last_buy_ad_count: int = 0
    last_sell_ad_count: int = 0
    consecutive_failures: int = 0
    total_snapshots: int = 0
    first_snapshot: Moment | None = None
    version: str = VERSION

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """The checkpoint of a data folder; a missing or corrupt one counts as none."""
        found = kept.load(checkpoint_path(data_dir), cls)
        return found if found.version == VERSION else cls()

    def save(self, data_dir: Path) -> None:
        """Write it, atomically."""
        kept.save(checkpoint_path(data_dir), self)

    def completed(self, started_at: datetime, buy_ads: int, sell_ads: int) -> None:
        """Enter a completed batch."""
        self.first_snapshot = self.first_snapshot or started_at
        self.last_completed_snapshot = started_at
        self.last_buy_ad_count, self.last_sell_ad_count = buy_ads, sell_ads
        self.total_snapshots += 1
        self.consecutive_failures = 0

    def fell_short(self, *, failed: bool) -> None:
        """Enter a batch that was not completed; only failed ones count as failures."""
        self.consecutive_failures = self.consecutive_failures + 1 if failed else 0


def checkpoint_path(data_dir: Path) -> Path:
    """Where the checkpoint of a data folder lies."""
    return data_dir / "checkpoint.json"
