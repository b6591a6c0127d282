"""The lanes' accounts in ``budget.json``: no run spends again what another has spent."""

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from p2p_scrapy import kept
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.memory import CLAIM_SECONDS, Instant, LaneMemory
from p2p_scrapy.clock import Clock

logger = logging.getLogger(__name__)

LEAST_CLAIM = 10
"""Requests; fewer only where a tenth of the budget is less."""


class BudgetFile(msgspec.Struct):
    """``budget.json``: lanes by the exchange's address and their name."""

    lanes: dict[str, LaneMemory] = {}


@dataclass(slots=True)
class _Claim:
    """Requests that may leave before the file is written again, until ``ends`` (monotonic)."""

    left: int = 0
    ends: float = float("-inf")


class Accounts:
    """What each lane has spent and learnt, on disk before it can be lost.

    A run that is killed leaves no last word. So before a request leaves, the file says that it
    may have left: a claim, for a tenth of the budget at a time, and no more than a quarter of what
    the last minute saw. Whoever is started next counts the whole claim as spent. The file is
    renamed into place but not flushed, which is enough against a kill; where the power goes, the
    next start is more than a minute away.
    """

    def __init__(self, data_dir: Path, exchange: str, clock: Clock) -> None:
        self._path = data_dir / "budget.json"
        self._exchange = exchange
        self._clock = clock
        self._file = kept.load(self._path, BudgetFile)
        self._claims: dict[str, _Claim] = {}
        self._lanes: list[Lane] = []

    def open(self, lane: Lane) -> None:
        """Tell a fresh lane what earlier runs have done, and enter what it does."""
        memory = self._file.lanes.get(self._key(lane))
        if memory is not None:
            memory.tell(lane, Instant.of(self._clock))
        self._lanes.append(lane)
        self._claims[lane.name] = _Claim()
        lane.on_pay = partial(self._paid, lane)
        lane.on_pause = partial(self._write, survives_power_loss=False)

    def close(self, *, was_good: bool) -> None:
        """Enter how the lanes end; a whole good batch takes them to the foot of the ladder."""
        for lane in self._lanes:
            if was_good and lane.answers and not lane.pauses:
                lane.rung = 0
            self._claims[lane.name] = _Claim()
        self._write(survives_power_loss=True)

    def _paid(self, lane: Lane, count: int) -> None:
        claim, now = self._claims[lane.name], self._clock.monotonic()
        claim.left -= count
        if claim.left < 0 or now >= claim.ends:
            used = max(lane.window.recent(now) // 4, LEAST_CLAIM)
            claim.left = max(min(lane.window.budget // 10, used), 1)
            claim.ends = now + CLAIM_SECONDS
            self._write(survives_power_loss=False)

    def _write(self, *, survives_power_loss: bool) -> None:
        instant = Instant.of(self._clock)
        for lane in self._lanes:
            claim = self._claims[lane.name].left
            self._file.lanes[self._key(lane)] = LaneMemory.of(lane, instant, claim)
        try:
            kept.save(self._path, self._file, survives_power_loss=survives_power_loss)
        except OSError as error:
            logger.warning("The next run will not know of this one's last minute: %s", error)

    def _key(self, lane: Lane) -> str:
        return f"{self._exchange} {lane.name}"
