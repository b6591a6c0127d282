"""What is known of each market from its sweeps so far, kept on disk from batch to batch.

The lake knows all of it too, but a market that is read every fifth batch would have to be looked
for in ever older ledgers.
"""

import logging
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from items import Market
from p2p_scrapy import kept
from p2p_scrapy.kept import Moment

logger = logging.getLogger(__name__)

FADING = 0.8
"""What an older look counts for, beside one look later: the last five make two thirds."""


class MarketHistory(msgspec.Struct, kw_only=True):
    """A market's last sweeps; times are UTC.

    ``total`` is its size in ads when last told, ``asked_at`` the begin of its last sweep,
    ``complete_*`` its last complete one: ads seen, when its last page came, and the start of its
    batch. ``changes`` are ads that were seen to change, in ``watched`` ad-seconds. ``is_delisted``
    says that the alarm was raised since then, because the exchange lists it no more.
    """

    total: int | None = None
    asked_at: Moment | None = None
    complete_unique: int | None = None
    complete_at: Moment | None = None
    complete_in: Moment | None = None
    changes: float = 0.0
    watched: float = 0.0
    is_delisted: bool = False

    def watch(self, changes: int, ads: int, seconds: float) -> None:
        """Enter how many of so many ads changed in a time; older looks fade."""
        self.changes = self.changes * FADING + changes
        self.watched = self.watched * FADING + ads * seconds


class MarketsFile(msgspec.Struct):
    """``markets.json``: every market that was ever read, as of the batch of that start."""

    through: Moment | None = None
    markets: list[tuple[Market, MarketHistory]] = []

    @classmethod
    def load(cls, data_dir: Path, now: datetime) -> Self:
        """What a data folder keeps; a missing, corrupt or future one (another clock's) is empty."""
        found = kept.load(_path(data_dir), cls)
        return cls() if found.through is not None and found.through > now else found

    def save(self, data_dir: Path) -> None:
        """Write it, atomically; where that fails the next batch looks into the lake again."""
        try:
            kept.save(_path(data_dir), self)
        except OSError as error:
            logger.warning("What is known of the markets could not be kept: %s", error)


def _path(data_dir: Path) -> Path:
    return data_dir / "markets.json"
