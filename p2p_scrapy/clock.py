"""Time, injected: nothing else in the project looks at a clock."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Two readings and a wait; ``now`` is UTC, the rest is in seconds."""

    def now(self) -> datetime:
        """The time of day, UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never runs back."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Wait for the event, for so many seconds at most (None: however long)."""


class SystemClock:
    """The machine's clock, or a time-lapse of it.

    ``lapse`` is how many seconds of this clock pass in one real second. Above 1 it is for trials
    against the bundled exchange, where a ten-minute interval should not take ten minutes.
    ``origin`` is the moment from which the lapse counts, so that several processes can agree.
    """

    def __init__(self, lapse: float = 1.0, origin: datetime | None = None) -> None:
        self.lapse = lapse
        self.origin = origin or datetime.now(UTC)

    def now(self) -> datetime:
        """The time of day, UTC."""
        real = datetime.now(UTC)
        return real if self.lapse == 1 else self.origin + (real - self.origin) * self.lapse

    def monotonic(self) -> float:
        """Seconds since some moment; never runs back."""
        return time.monotonic() * self.lapse

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Wait for the event, for so many seconds of this clock at most."""
        real = None if seconds is None else max(seconds, 0.0) / self.lapse
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), real)


def whole_second(moment: datetime) -> datetime:
    """The second that ``moment`` lies in: batches are named by it."""
    return moment - timedelta(microseconds=moment.microsecond)
