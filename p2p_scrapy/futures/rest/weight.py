"""The weight that questions cost an address: 2,400 a minute (futures API page, section 3)."""

import asyncio

from p2p_scrapy.budget.window import Window
from p2p_scrapy.clock import Clock

WEIGHT_A_MINUTE = 2400


class WeightBudget:
    """Lets questions go in the order in which they came, as fast as their weight allows.

    A pause that the exchange wants holds all of them, whichever of them was answered with it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._window = Window(WEIGHT_A_MINUTE)
        self._paused_until = clock.monotonic()
        self._turn = asyncio.Lock()
        self._settled = asyncio.Event()

    async def spend(self, weight: int) -> None:
        """Wait until a question of this weight may go; ``settle`` when it is over."""
        async with self._turn:
            while (seconds := self._seconds_until(weight)) is None or seconds > 0:
                self._settled.clear()
                await self._clock.wait(self._settled, seconds)
            self._window.reserve(weight)

    def settle(self, weight: int) -> None:
        """An answer came, or none will: from now on a minute has to pass."""
        now = self._clock.monotonic()
        for _ in range(weight):
            self._window.settle(now)
        self._settled.set()

    def learn(self, used: int) -> None:
        """Count what the exchange has counted of this minute and we have not.

        Others may ask from the same address.
        """
        window = self._window
        unknown = used - window.recent(self._clock.monotonic()) - window.out
        if unknown > 0:
            window.reserve(unknown)
            self.settle(unknown)

    def pause(self, seconds: float) -> None:
        """Let nothing go for so long."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def _seconds_until(self, weight: int) -> float | None:
        """None: it depends on answers that are not here yet."""
        now = self._clock.monotonic()
        free_at = self._window.free_at(weight, now)
        return None if free_at is None else max(free_at, self._paused_until) - now
