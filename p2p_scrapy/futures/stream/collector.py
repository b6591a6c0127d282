"""A run of the stream: sockets on one side, the keeper on the other."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import inf
from random import Random
from typing import TypeVar

import aiohttp

from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.rest import RestClient
from p2p_scrapy.futures.stream.books import BookStore
from p2p_scrapy.futures.stream.connection import Sockets
from p2p_scrapy.futures.stream.feed import Feed
from p2p_scrapy.futures.stream.healer import Healer
from p2p_scrapy.futures.stream.inbox import Inbox
from p2p_scrapy.futures.stream.keeper import Keeper
from p2p_scrapy.futures.stream.moments import micros
from p2p_scrapy.futures.stream.routes import Line
from p2p_scrapy.futures.stream.snapshots import Snapshots

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
"""How long a frame lies in memory alone, where the disk keeps up."""
SILENT_SECONDS = 60.0
"""After so long a symbol of which nothing has come is named: it may be mistyped."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Venue:
    """Where the exchange is: its sockets, and the client of its REST paths."""

    ws_url: str
    rest: RestClient


class Collector:
    """The sockets' loop only reads; everything that may wait for the disk is one worker's."""

    def __init__(
        self,
        keeper: Callable[[], Keeper],
        lines: Sequence[Line],
        venue: Venue,
        clock: Clock,
        rng: Random,
    ) -> None:
        self._make_keeper = keeper
        self._lines = lines
        self._venue = venue
        self._clock = clock
        self._rng = rng
        self._inbox = Inbox()
        self._books: BookStore | None = None
        self._silence_told_at = inf
        self._worker = ThreadPoolExecutor(1, "keeper")

    async def run(self, stop: asyncio.Event) -> None:
        """Stream until told to stop; then write everything and end.

        Raises:
            DiskFullError: there is no room; the next start recovers what was kept.
            OSError: any other trouble of the disk.
        """
        keeper = await self._work(self._make_keeper)
        self._books = keeper.books
        healer = Healer(self._venue.rest, self._inbox, self._clock)
        snapshots = Snapshots(self._venue.rest, self._clock)
        self._silence_told_at = self._clock.monotonic() + SILENT_SECONDS
        try:
            async with aiohttp.ClientSession() as session:
                feeds = self._connect(session)
                try:
                    while not stop.is_set():
                        await self._clock.wait(stop, TICK_SECONDS)
                        await self._keep(keeper, healer, snapshots)
                        _prove_running(feeds)
                        self._tell_silence(keeper)
                finally:
                    await _end(feeds)
            await self._keep(keeper, None, None)
            await self._work(keeper.close)
            logger.info("Stream closed: %s", keeper.ledger.figures.line())
        finally:
            await healer.close()
            await snapshots.close()
            await self._venue.rest.close()
            self._worker.shutdown()

    def store_books(self) -> None:
        """Store a row of every local book that is synchronised, with the next batch."""
        if self._books is not None:
            self._books.is_asked = True

    def _tell_silence(self, keeper: Keeper) -> None:
        """Once, name the symbols of which nothing has come."""
        if self._clock.monotonic() < self._silence_told_at:
            return
        self._silence_told_at = inf
        if silent := ", ".join(keeper.ledger.silent()):
            told = (
                "Nothing has come of %s in the first minute: is the symbol right, and traded now?"
            )
            logger.warning(told, silent)

    def _connect(self, session: aiohttp.ClientSession) -> list[asyncio.Task[None]]:
        sockets = Sockets(self._venue.ws_url, session, self._inbox, self._clock)
        feeds = [Feed(line, sockets, self._clock, self._rng) for line in self._lines]
        return [asyncio.create_task(feed.run()) for feed in feeds]

    async def _keep(
        self, keeper: Keeper, healer: Healer | None, snapshots: Snapshots | None
    ) -> None:
        window = keeper.ledger.window.name
        events = self._inbox.take(micros(self._clock.now()))
        await self._work(partial(keeper.keep, events))
        if keeper.ledger.window.name != window:
            logger.info("%s", keeper.ledger.figures.line())
        if healer is not None:
            healer.want(keeper.ledger.wounds.first())
        if snapshots is not None and keeper.books is not None:
            await self._renew(keeper.books, snapshots)

    async def _renew(self, books: BookStore, snapshots: Snapshots) -> None:
        """Hand over the snapshots that have come, and ask for those that are wanted."""
        for answer in snapshots.take():
            await self._work(partial(books.answer, *answer))
        while snapshots.has_room and (symbol := await self._work(books.next_wanted)):
            snapshots.ask(symbol)

    async def _work(self, job: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, job)


def _prove_running(feeds: Sequence[asyncio.Task[None]]) -> None:
    """A feed ends by an error of ours alone, which must not go unseen."""
    for feed in feeds:
        if feed.done():
            feed.result()


async def _end(feeds: Sequence[asyncio.Task[None]]) -> None:
    for feed in feeds:
        feed.cancel()
    await asyncio.gather(*feeds, return_exceptions=True)
