"""An exchange in the background, for tests and benchmarks."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.exchange import Exchange
from p2p_scrapy.exchange.futures.stream.market import BEAT_MS, FuturesMarket, Made
from p2p_scrapy.exchange.futures.stream.source import MarketSource
from p2p_scrapy.exchange.market import MarketKey
from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.server import serve
from p2p_scrapy.exchange.truth import truth
from p2p_scrapy.exchange.world import World

_T = TypeVar("_T")
_HOST = "127.0.0.1"


class RunningExchange:
    """An exchange that listens; everything asked of it is done between two of its requests.

    Attributes:
        url: its base URL, e.g. ``http://127.0.0.1:40123``.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._listening: Future[str] = Future()
        self._thread = Thread(target=self._run, name="exchange", daemon=True)
        self.url = ""

    @property
    def world(self) -> World:
        """The books themselves: to read while nobody asks; recordings have none."""
        if self._exchange.world is None:
            raise LookupError("recordings are replayed: there is no world")
        return self._exchange.world

    def futures_made(self) -> dict[str, Made]:
        """What the live contracts have traded and changed so far, by symbol."""
        return self._do(self._futures.made)

    def futures_seconds(self) -> float:
        """How long the live contracts have moved, by the exchange's time."""
        return self._do(lambda: self._futures.beats * BEAT_MS / 1000)

    def futures_connections(self) -> int:
        """How many connections to live futures were opened so far."""
        return self._do(lambda: sum(self._exchange.streams.sockets.connections.values()))

    def book(self) -> dict[str, Any]:
        """The truth of this moment, as ``/exchange/book`` tells it."""
        return self._do(self._truth)

    def between(self, market: MarketKey, since: float, until: float) -> dict[str, Any]:
        """A market's truth over an interval, as ``/exchange/interval`` tells it."""
        return self._do(lambda: self._exchange.between(market, since, until))

    def requests(self, *, with_times: bool = False) -> dict[str, Any]:
        """The counters, as ``/exchange/requests`` tells them."""
        return self._do(lambda: self._exchange.tally.report(with_times=with_times))

    def archive_requests(self) -> tuple[Counter[str], int]:
        """How often each object of the archive was asked for, and how many bytes of them left."""
        archive = self._exchange.archive
        return self._do(lambda: (archive.asked.copy(), archive.sent))

    def adjust(self, **changes: object) -> None:
        """Change options while it runs, as ``/exchange/options`` does.

        Raises:
            OptionError: an option has a value that it cannot have, or cannot be changed now.
        """
        self._do(lambda: self._exchange.adjust(changes))

    def start(self) -> None:
        """Listen; returns when requests are answered."""
        self._thread.start()
        self.url = self._listening.result()

    def stop(self) -> None:
        """Close all connections and end."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def _futures(self) -> FuturesMarket:
        source = self._exchange.streams.source
        if not isinstance(source, MarketSource):
            raise LookupError("a recording is replayed: there is no market")
        return source.market

    def _truth(self) -> dict[str, Any]:
        self._exchange.advance(self._exchange.clock.now())
        return truth(self.world)

    def _do(self, action: Callable[[], _T]) -> _T:
        async def in_loop() -> _T:
            return action()

        return asyncio.run_coroutine_threadsafe(in_loop(), self._loop).result()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        try:
            await serve(
                self._exchange,
                _HOST,
                0,
                on_listening=self._listening.set_result,
                stop=self._stop,
            )
        except Exception as error:
            if self._listening.done():
                raise
            self._listening.set_exception(error)


@contextmanager
def running_exchange(
    options: ExchangeOptions | None = None, *, clock: Clock | None = None
) -> Iterator[RunningExchange]:
    """Run an exchange on a free port of 127.0.0.1, in a thread of its own.

    Args:
        options: of the exchange; the defaults if None.
        clock: its time; real time, lapsing as the options say, if None.
    """
    exchange = RunningExchange(Exchange(options or ExchangeOptions(), clock))
    exchange.start()
    try:
        yield exchange
    finally:
        exchange.stop()
