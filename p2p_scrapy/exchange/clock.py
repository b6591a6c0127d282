"""The exchange's own time."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the exchange."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...


class LapsingClock:
    """Real time at its start, from then on so many times as fast; it never runs back."""

    def __init__(self, time_lapse: float) -> None:
        self._time_lapse = time_lapse
        self._started_at = time.time()
        self._origin = time.monotonic()

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return self._started_at + (time.monotonic() - self._origin) * self._time_lapse
