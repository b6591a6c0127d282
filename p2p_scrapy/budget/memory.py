"""What a lane remembers from run to run: the last minute's requests, and a pause that still holds.

Without it a batch that follows closely on another would spend a minute's budget twice.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import msgspec

from p2p_scrapy import kept
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.window import SECONDS
from p2p_scrapy.kept import Moment

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 3600.0
"""Seconds; a pause that claims to be longer was written by another clock."""


class LaneMemory(msgspec.Struct):
    """A lane as a run left it; times are UTC."""

    answered_at: list[Moment] = []
    paused_until: Moment | None = None


class BudgetMemory(msgspec.Struct):
    """``budget.json``: lanes by the exchange's address and their name."""

    lanes: dict[str, LaneMemory] = {}

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """The memory of a data folder; a missing or corrupt one is empty."""
        return kept.load(_path(data_dir), cls)

    def save(self, data_dir: Path) -> None:
        """Write it, atomically."""
        kept.save(_path(data_dir), self)

    def remind(self, lane: Lane, exchange: str, now: datetime, monotonic: float) -> None:
        """Tell a fresh lane what the last run did; ``now`` and ``monotonic`` are one moment."""
        memory = self.lanes.get(_key(exchange, lane), LaneMemory())
        ages = [(now - moment).total_seconds() for moment in memory.answered_at]
        lane.window.remember([monotonic - age for age in sorted(ages, reverse=True) if age >= 0])
        if memory.paused_until is not None and memory.paused_until > now:
            pause = min((memory.paused_until - now).total_seconds(), LONGEST_PAUSE)
            logger.warning("Lane %s goes on with a pause of %.0f s", lane.name, pause)
            lane.pause_until(monotonic + pause)

    def note(self, lane: Lane, exchange: str, now: datetime, monotonic: float) -> None:
        """Enter what a lane has done."""
        recent = [each for each in lane.window.settled if each > monotonic - SECONDS]
        pause = lane.paused_until - monotonic
        self.lanes[_key(exchange, lane)] = LaneMemory(
            [now - timedelta(seconds=monotonic - each) for each in recent],
            now + timedelta(seconds=pause) if pause > 0 else None,
        )


def _key(exchange: str, lane: Lane) -> str:
    return f"{exchange} {lane.name}"


def _path(data_dir: Path) -> Path:
    return data_dir / "budget.json"
