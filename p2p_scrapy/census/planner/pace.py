"""How often batches come, how long one may take, and how old a market may become."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from p2p_scrapy.census.schedule import JITTER
from p2p_scrapy.config import Config


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds: from start to start, a batch's window (0 for no end), a market's age."""

    interval: float
    window: float
    max_age: float

    @classmethod
    def of(cls, config: Config) -> Self:
        """The pace that the settings give."""
        return cls(config.interval_seconds, config.window_seconds, config.max_market_age_seconds)

    @property
    def rotation(self) -> int:
        """Batches in which every market is to be read once.

        One fewer than its age allows, so that one batch may be lost. Between two readings of a
        market lie that many intervals, a window, for it may be the first of one batch and the last
        of another, and the jitter of both starts.
        """
        shifts = self.window + 2 * JITTER * self.interval
        return max(int((self.max_age - shifts) // self.interval) - 1, 1)

    def cannot_wait(self, read_at: datetime | None, started_at: datetime) -> bool:
        """Whether a market would pass its age before the end of the batch after this one."""
        ahead = self.interval * (1 + 2 * JITTER) + self.window
        end = started_at + timedelta(seconds=ahead)
        return read_at is None or end - read_at > timedelta(seconds=self.max_age)
