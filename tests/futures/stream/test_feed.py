"""When a connection is replaced, whatever is done to the machine's clock meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace

import aiohttp
import pytest

from p2p_scrapy.futures.stream.connection import Connection
from p2p_scrapy.futures.stream.events import Closed, Reason
from p2p_scrapy.futures.stream.feed import LIFETIME_SECONDS, SILENCE_SECONDS, Feed
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.routes import lines_of

(LINE,) = lines_of(("BTCUSDT",), ("aggTrade",))


class SetClock:
    """``seconds`` pass as the test says; ``ahead`` is how far somebody has set the time of day."""

    def __init__(self):
        self.seconds = 0.0
        self.ahead = timedelta()

    def now(self):
        return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=self.seconds) + self.ahead

    def monotonic(self):
        return self.seconds

    async def wait(self, event, seconds):
        end = self.seconds + seconds
        while not event.is_set() and self.seconds < end:  # noqa: ASYNC110 - the test sets both
            await asyncio.sleep(0)


class Socket:
    """Delivers what the test puts into it."""

    def __init__(self):
        self.messages = asyncio.Queue()

    async def receive(self):
        return await self.messages.get()

    async def close(self):
        pass


class Exchange:
    """Opens sockets for a feed; what became of them is in ``closed``."""

    def __init__(self):
        self.clock = SetClock()
        self.sockets = []
        self._inbox = Inbox()

    async def open(self, line):  # noqa: ARG002 - there is one alone
        self.sockets.append(Socket())
        return Connection(len(self.sockets), self.sockets[-1], self._inbox, self.clock)

    @property
    def closed(self):
        return [each.reason for each in self._inbox._events if isinstance(each, Closed)]

    async def pass_time(self, seconds):
        self.clock.seconds += seconds
        await self.settle()

    async def hear(self):
        frame = SimpleNamespace(type=aiohttp.WSMsgType.TEXT, data=b"{}")
        self.sockets[-1].messages.put_nowait(frame)
        await self.settle()

    async def settle(self):
        for _ in range(50):
            await asyncio.sleep(0)


@pytest.fixture
def feeding():
    """Do something while a feed is connected."""

    async def run(work):
        exchange = Exchange()
        task = asyncio.create_task(Feed(LINE, exchange, exchange.clock, Random(1)).run())
        try:
            await exchange.settle()
            await work(exchange)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lambda work: asyncio.run(run(work))


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_is_set_replaces_no_connection(feeding, days):
    async def work(exchange):
        exchange.clock.ahead = timedelta(days=days)
        await exchange.pass_time(SILENCE_SECONDS / 2)
        await exchange.hear()
        await exchange.pass_time(SILENCE_SECONDS / 2 + 1)
        assert (len(exchange.sockets), exchange.closed) == (1, [])

    feeding(work)


def test_silence_is_seen_under_a_clock_that_was_set_back(feeding):
    async def work(exchange):
        exchange.clock.ahead = timedelta(hours=-2)
        await exchange.pass_time(SILENCE_SECONDS + 1)
        assert exchange.closed == [Reason.SILENCE]

    feeding(work)


def test_a_hand_over_is_in_time_under_a_clock_that_was_set_back(feeding):
    async def work(exchange):
        exchange.clock.ahead = timedelta(hours=-2)
        await exchange.pass_time(LIFETIME_SECONDS + 1)
        assert (len(exchange.sockets), exchange.closed) == (2, [])

    feeding(work)


def test_what_is_received_is_told_by_the_time_of_day(feeding):
    async def work(exchange):
        exchange.clock.ahead = timedelta(days=1)
        await exchange.hear()
        (batch,) = exchange._inbox._events
        assert batch.received == [1_795_305_600_000_000]

    feeding(work)
