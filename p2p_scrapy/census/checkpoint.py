"""The checkpoint: where a run of batches stands, for the daemon and for people."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

import msgspec

from p2p_scrapy.lake.atomic import write_bytes

logger = logging.getLogger(__name__)

VERSION = "1.0"


Moment = Annotated[datetime, msgspec.Meta(tz=True)]


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
        path = checkpoint_path(data_dir)
        try:
            found = msgspec.json.decode(path.read_bytes(), type=cls)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            logger.warning("%s cannot be used and is begun anew: %s", path, error)
            return cls()
        return found if found.version == VERSION else cls()

    def save(self, data_dir: Path) -> None:
        """Write it, atomically."""
        content = msgspec.json.format(msgspec.json.encode(self), indent=2)
        write_bytes(checkpoint_path(data_dir), content)

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
