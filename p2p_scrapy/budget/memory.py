"""What a lane remembers from run to run.

Without the last minute's requests a batch that follows closely on another would spend a minute's
budget twice; without the rest it would learn anew, at a pause each time, what the exchange allows.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import msgspec

from p2p_scrapy.budget.allowance import Failing
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.window import SECONDS
from p2p_scrapy.clock import Clock
from p2p_scrapy.kept import Moment

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 3600.0
"""Seconds; a pause that claims to be longer was written by another clock."""
BELIEVED_FOR = 86_400.0
"""Seconds that a budget and a rung are believed: by then the exchange's limit has changed as likely
as not, and to begin as set costs a pause at worst."""
CLAIM_SECONDS = 60.0
"""How long the requests of a claim may be paid for; they leave within as long again."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment by both clocks: UTC, and monotonic seconds."""

    now: datetime
    monotonic: float

    @classmethod
    def of(cls, clock: Clock) -> Self:
        """This moment."""
        return cls(clock.now(), clock.monotonic())

    def utc(self, monotonic: float) -> datetime:
        """A monotonic moment as UTC."""
        return self.now + timedelta(seconds=monotonic - self.monotonic)

    def age(self, moment: datetime) -> float:
        """Seconds since a moment; below 0 where the clock was put back since."""
        return (self.now - moment).total_seconds()


class FailingRate(msgspec.Struct):
    """The rate that last failed, in requests a minute, and how often running it did."""

    rate: int
    at: Moment
    times: int

    @classmethod
    def of(cls, failing: Failing, instant: Instant) -> Self:
        """The rate as it is written."""
        return cls(failing.rate, instant.utc(failing.at), failing.times)

    def recall(self, instant: Instant) -> Failing:
        """The rate as a lane knows it."""
        age = max(instant.age(self.at), 0.0)
        return Failing(self.rate, instant.monotonic - age, self.times)


class LaneMemory(msgspec.Struct, kw_only=True):
    """A lane as a run left it, or as it stood when the run was last heard of; times are UTC.

    ``unanswered`` had left at ``noted_at``, or may have left since. ``budget`` is what the lane had
    come to from ``setting``; under another setting it is not taken up again.
    """

    noted_at: Moment
    answered_at: list[Moment]
    unanswered: int
    paused_until: Moment | None
    rung: int
    setting: int
    budget: float
    failing: FailingRate | None

    @classmethod
    def of(cls, lane: Lane, instant: Instant, claim: int = 0) -> Self:
        """What a lane has done; ``claim`` requests more may leave before it is noted again."""
        recent = [each for each in lane.window.settled if each > instant.monotonic - SECONDS]
        failing = lane.allowance.failing
        return cls(
            noted_at=instant.now,
            answered_at=[instant.utc(each) for each in recent],
            unanswered=lane.window.out + claim,
            paused_until=_end_of_pause(lane, instant),
            rung=lane.rung,
            setting=lane.setting,
            budget=lane.allowance.exact,
            failing=FailingRate.of(failing, instant) if failing else None,
        )

    def tell(self, lane: Lane, instant: Instant) -> None:
        """Let a fresh lane go on from here."""
        lane.window.remember(self._spent(instant))
        self._tell_pause(lane, instant)
        failing = self.failing.recall(instant) if self.failing else None
        is_believed = instant.age(self.noted_at) < BELIEVED_FOR
        if is_believed:
            lane.rung = self.rung
        goes_on = is_believed and self.setting == lane.setting
        lane.resume(self.budget if goes_on else float(lane.setting), failing)

    def _spent(self, instant: Instant) -> list[float]:
        """When what still counts was answered; what may have left counts as answered just now.

        Nobody knows when it left, for the run was killed.
        """
        ages = sorted((instant.age(each) for each in self.answered_at), reverse=True)
        spent = [instant.monotonic - age for age in ages if age >= 0]
        if 0 <= instant.age(self.noted_at) < 2 * CLAIM_SECONDS:
            spent += [instant.monotonic] * self.unanswered
        return spent

    def _tell_pause(self, lane: Lane, instant: Instant) -> None:
        if self.paused_until is not None and self.paused_until > instant.now:
            pause = min(-instant.age(self.paused_until), LONGEST_PAUSE)
            logger.warning("Lane %s goes on with a pause of %.0f s", lane.name, pause)
            lane.pause_until(instant.monotonic + pause)


def _end_of_pause(lane: Lane, instant: Instant) -> datetime | None:
    return instant.utc(lane.paused_until) if lane.is_paused(instant.monotonic) else None
