"""SIGINT and SIGTERM end a stream in order; SIGUSR1 stores the local books at once."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from p2p_scrapy.stop_signals import StopSignals

logger = logging.getLogger(__name__)


@contextmanager
def signals_taken(stop: asyncio.Event, store_books: Callable[[], None]) -> Iterator[None]:
    """Take the signals over from Scrapy, whose a second one is again."""
    loop = asyncio.get_running_loop()
    stop_signals = StopSignals(lambda name: _end(stop, name))

    def store(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        loop.call_soon_threadsafe(store_books)

    stop_signals.take()
    before = signal.signal(signal.SIGUSR1, store)
    try:
        yield
    finally:
        stop_signals.give_back()
        signal.signal(signal.SIGUSR1, before)


def _end(stop: asyncio.Event, name: str) -> None:
    logger.warning("%s: the stream is written out and closed", name)
    stop.set()
