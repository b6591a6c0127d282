"""The end of a batch's window (P2P_WINDOW_SECONDS)."""

import asyncio

from p2p_scrapy.clock import Clock

LOOK_SECONDS = 180.0
LOOK_SHARE = 0.4
"""No market of unknown size is begun so shortly before the end, or in that share of a short window:
a minute's budget of first pages may call for two or three more of further ones. Where the lanes
hold enough for all that is left, they are begun until BOOKS_SECONDS before it."""
BOOKS_SECONDS = 65.0
BOOKS_SHARE = 0.15
"""No book of many pages is begun beyond the plan so shortly before the end, or in that share of a
short window: if it moves while it is read, what reading it again costs comes back in a minute."""
GRACE_SECONDS = 30.0
"""What has begun gets so long to be finished: a window of 7.5 minutes ends within 8."""


class TimeLimit:
    """Four moments, in monotonic seconds; without a window they never come.

    ``looks_end`` is when no market of unknown size is begun any more unless there is room for all
    of them, ``books_end`` when none is, and no large book that was not planned, ``end`` when
    nothing is, and ``last`` when what is still open is given up.
    """

    def __init__(self, window: float, clock: Clock) -> None:
        self._clock = clock
        self.end = clock.monotonic() + window if window else float("inf")
        self.looks_end = self.end - min(LOOK_SECONDS, window * LOOK_SHARE)
        self.books_end = self.end - min(BOOKS_SECONDS, window * BOOKS_SHARE)
        self.last = self.end + GRACE_SECONDS

    def is_past(self, moment: float) -> bool:
        """Whether one of the moments has come."""
        return self._clock.monotonic() >= moment

    async def reach(self, moment: float) -> None:
        """Wait for one of the moments."""
        while (left := moment - self._clock.monotonic()) > 0:
            await self._clock.wait(asyncio.Event(), None if left == float("inf") else left)
