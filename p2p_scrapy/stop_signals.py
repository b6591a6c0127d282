"""SIGINT and SIGTERM, taken over from Scrapy: the first ends a run in order."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """Gives the name of the first signal to ``on_first``, in the event loop.

    From then on they are Scrapy's again, as after ``give_back``: a second one is what it makes of
    its first.
    """

    def __init__(self, on_first: Callable[[str], None]) -> None:
        self._on_first = on_first
        self._theirs = {number: signal.getsignal(number) for number in ENDING}

    def take(self) -> None:
        """Take the signals over from whoever has them now; the event loop runs."""
        loop = asyncio.get_running_loop()
        self._theirs = {number: signal.getsignal(number) for number in ENDING}

        def on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
            self.give_back()
            # A handler may run between any two instructions: whoever waits is woken in the loop.
            loop.call_soon_threadsafe(self._on_first, signal.Signals(number).name)

        for number in ENDING:
            signal.signal(number, on_signal)

    def give_back(self) -> None:
        """Let whoever had the signals before have them again."""
        for number, handler in self._theirs.items():
            signal.signal(number, handler)
