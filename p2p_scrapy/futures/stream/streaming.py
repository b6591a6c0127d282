"""A run of the stream, from settings and scope to its end."""

import asyncio
import random
from functools import partial

from items.futures import Dataset
from p2p_scrapy.clock import Clock
from p2p_scrapy.config import Config
from p2p_scrapy.futures.config import FuturesConfig
from p2p_scrapy.futures.rest import RestClient
from p2p_scrapy.futures.stream.books import BookStore
from p2p_scrapy.futures.stream.collector import Collector, Venue
from p2p_scrapy.futures.stream.ending import signals_taken
from p2p_scrapy.futures.stream.keeper import Flushing, Keeper
from p2p_scrapy.futures.stream.routes import lines_of
from p2p_scrapy.futures.stream.scope import StreamScope


async def stream(config: Config, futures: FuturesConfig, scope: StreamScope, clock: Clock) -> None:
    """Stream until a signal.

    Raises:
        DiskFullError: there is no room; the next start recovers what was kept.
        OSError: any other trouble of the disk.
    """
    stop = asyncio.Event()
    collector = _collector(config, futures, scope, clock)
    with signals_taken(stop, collector.store_books):
        await collector.run(stop)


def _collector(
    config: Config, futures: FuturesConfig, scope: StreamScope, clock: Clock
) -> Collector:
    lines = list(lines_of(scope.symbols, scope.streams))
    flushing = Flushing(futures.flush_seconds, futures.flush_records, scope.sink)
    books = _books(futures, clock) if scope.stream(Dataset.DIFFS) else None
    rest = RestClient(futures.rest_url, clock, config.timeout_seconds)
    return Collector(
        partial(Keeper, config.data_dir, lines, flushing, clock, books),
        lines,
        Venue(futures.ws_url, rest),
        clock,
        random.SystemRandom(),
    )


def _books(futures: FuturesConfig, clock: Clock) -> BookStore:
    return BookStore(futures.book_levels, futures.book_interval_seconds, clock)
