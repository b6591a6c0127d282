"""SIGINT and SIGTERM end a stream in order; SIGUSR1 stores the local books at once."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

logger = logging.getLogger(__name__)

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_taken(stop: asyncio.Event, store_books: Callable[[], None]) -> Iterator[None]:
    """Take the signals over from Scrapy, whose a second one is again.

    Whoever waits is woken in the loop, since a handler may run between any two instructions.
    """
    loop = asyncio.get_running_loop()
    taken = (*_ENDING, signal.SIGUSR1)
    theirs = {number: signal.getsignal(number) for number in taken}

    def give_back() -> None:
        for number, handler in theirs.items():
            signal.signal(number, handler)

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for ending in _ENDING:
            signal.signal(ending, theirs[ending])
        loop.call_soon_threadsafe(_end, stop, signal.Signals(number).name)

    def store(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        loop.call_soon_threadsafe(store_books)

    for number in _ENDING:
        signal.signal(number, end)
    signal.signal(signal.SIGUSR1, store)
    try:
        yield
    finally:
        give_back()


def _end(stop: asyncio.Event, name: str) -> None:
    logger.warning("%s: the stream is written out and closed", name)
    stop.set()
