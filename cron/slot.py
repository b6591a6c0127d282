"""Slots: one interval each, from midnight of 1 January 1970, so that a moment tells its slot."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from p2p_scrapy.census.schedule import LATEST_START

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPIDER = "binance_p2p"


@dataclass(frozen=True, slots=True)
class Slot:
    """The batch that is to begin at ``start``, UTC."""

    start: datetime

    @classmethod
    def of(cls, now: datetime, interval_seconds: int) -> Self:
        """The slot that a moment lies in."""
        return cls(now - (now - EPOCH) % timedelta(seconds=interval_seconds))

    @property
    def job(self) -> str:
        """The id of the slot's job: whoever schedules it again names the same one."""
        return f"{SPIDER}-{self.start:%Y%m%dT%H%M%SZ}"

    def is_too_late(self, now: datetime) -> bool:
        """Whether its batch would begin so late that the next slot's should (product page)."""
        return now > self.start + LATEST_START

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M:%S}"
