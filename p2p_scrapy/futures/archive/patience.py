"""How often something is tried again, and after how long."""

import asyncio

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.archive.errors import ArchiveLinkError, PassingError, StoppedError

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class Patience:
    """Counts the tries that came to nothing; each pause is twice the one before.

    Args:
        retries: how many tries after the first may come to nothing one after the other.
        clock: what pauses are measured by.
        stop: set when nothing more is to be tried; it ends a pause.
    """

    def __init__(self, retries: int, clock: Clock, stop: asyncio.Event) -> None:
        self._retries = retries
        self._clock = clock
        self._stop = stop
        self._failures = 0

    async def after(self, trouble: PassingError) -> None:
        """Return when it is time to try again.

        Raises:
            ArchiveLinkError: it has been tried often enough.
            StoppedError: the run is ending.
        """
        if self._failures >= self._retries:
            tries = self._failures + 1
            raise ArchiveLinkError(f"{trouble} (tries: {tries})") from trouble
        pause = min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE)
        self._failures += 1
        await self._clock.wait(self._stop, max(pause, trouble.pause or 0.0))
        if self._stop.is_set():
            raise StoppedError(str(trouble)) from trouble

    def restore(self) -> None:
        """Something has come of a try."""
        self._failures = 0
