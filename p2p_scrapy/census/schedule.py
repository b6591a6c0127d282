"""When the daemon's batches start."""

import random
from datetime import datetime, timedelta

JITTER = 0.1
"""Share of the interval by which a start is moved at random, so that no pattern shows."""
LATEST_START = timedelta(seconds=120)
"""A start that is later than this skips its slot (product page, service levels)."""


class Schedule:
    """Slots one interval apart, start to start, each moved a little; times are UTC.

    ``last`` is the start of the last completed batch, if there was one: the first slot is one
    interval after it, or now where that is past.
    """

    def __init__(
        self, interval: float, now: datetime, last: datetime | None, rng: random.Random
    ) -> None:
        self._interval = timedelta(seconds=interval)
        self._rng = rng
        due = now if last is None else last + self._interval
        self._slot = due if now < due <= now + self._interval else now
        self.start = self._slot

    def advance(self, now: datetime) -> int:
        """Go on to the next slot whose time is still to come; how many were skipped."""
        skipped = -1
        while skipped < 0 or self.start < now:
            self._slot += self._interval
            shift = self._rng.uniform(-JITTER, JITTER) * self._interval
            self.start = self._slot + shift
            skipped += 1
        return skipped

    def is_too_late(self, now: datetime) -> bool:
        """Whether the slot is so long past, after the machine slept say, that it is skipped."""
        return now > self.start + LATEST_START
