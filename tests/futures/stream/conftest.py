"""The stream's spider as a process of its own, and a judge of what it left."""

import asyncio
import json
import random
import time
from bisect import bisect_right
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from p2p_scrapy.clock import SystemClock
from p2p_scrapy.futures.rest import RestClient
from p2p_scrapy.futures.stream.books import BookStore
from p2p_scrapy.futures.stream.collector import Collector, Venue
from p2p_scrapy.futures.stream.keeper import Flushing, Keeper
from p2p_scrapy.futures.stream.routes import lines_of

STREAMS = {"trades": "aggTrade", "depth": "depth20@100ms", "diffs": "depth@100ms"}
SYMBOLS = ("BTCUSDT", "ETHUSDT")


def until(condition, seconds=60):
    """Wait for something that another process does; there is no event to wait on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def wait_until():
    return until


@pytest.fixture
def stream_of():
    """The arguments of a stream of an exchange."""

    def arguments(exchange, *more, lapse="1"):
        settings = {
            "FUTURES_WS_URL": exchange.url.replace("http", "ws"),
            "FUTURES_REST_URL": exchange.url,
            "P2P_BASE_URL": exchange.url,
            "P2P_TIME_LAPSE": lapse,
        }
        given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        asked = [
            "-a",
            f"symbols={','.join(SYMBOLS)}",
            "-a",
            f"streams={','.join(STREAMS.values())}",
        ]
        return ["crawl", "binance_futures_stream", *asked, *given, *more]

    return arguments


class Stored:
    """What a stream left in its data folder."""

    def __init__(self, folder):
        self.folder = folder

    def files(self, dataset):
        return sorted((self.folder / "raw/stream" / dataset).glob("date=*/[!.]*"))

    def rows(self, dataset):
        paths = self.files(dataset)
        if paths and paths[0].suffix == ".jsonl":
            return [json.loads(line) for path in paths for line in path.read_text().splitlines()]
        tables = [pq.read_table(path, partitioning=None) for path in paths]
        return pa.concat_tables(tables).to_pylist() if tables else []

    def ids(self, dataset, symbol):
        name = "agg_trade_id" if dataset == "trades" else "final_update_id"
        return [row[name] for row in self.rows(dataset) if row["symbol"] == symbol]

    def gaps(self, dataset, symbol):
        stream = STREAMS[dataset]
        rows = self.rows("gaps")
        return [row for row in rows if (row["stream"], row["symbol"]) == (stream, symbol)]

    def unaccounted(self, dataset, symbol, made):
        """Of what was made between the first and the last record: neither stored nor in a gap."""
        ids = set(self.ids(dataset, symbol))
        before = 0 if dataset == "trades" else 1  # update ids: the last that was seen
        told = [gap for gap in self.gaps(dataset, symbol) if gap["from_id"] is not None]
        starts = sorted((gap["from_id"] + before, gap["to_id"] or float("inf")) for gap in told)
        reach = []
        for _, to in starts:
            reach.append(max(to, reach[-1] if reach else 0))

        def in_a_gap(number):
            at = bisect_right(starts, (number, float("inf"))) - 1
            return at >= 0 and number <= reach[at]

        first, last = min(ids), max(ids)
        between = [number for number in made if first <= number <= last]
        return [number for number in between if number not in ids and not in_a_gap(number)]


@pytest.fixture
def stored(tmp_path):
    return Stored(tmp_path / "data")


@pytest.fixture
def judge(stored):
    """Every record either stored once or inside a recorded gap, and none that was never made."""

    def hold(exchange):
        made = exchange.futures_made()
        for symbol in SYMBOLS:
            for dataset in STREAMS:
                truth = made[symbol].trades if dataset == "trades" else made[symbol].updates
                ids = stored.ids(dataset, symbol)
                assert len(ids) == len(set(ids)) > 0
                assert set(ids) <= set(truth)
                assert stored.unaccounted(dataset, symbol, truth) == []

    return hold


@pytest.fixture
def collect(tmp_path):
    """Run a collector in this process, while something is waited for."""

    def run(
        exchange,
        is_enough,
        *,
        clock=None,
        lapse=1,
        sink="parquet",
        flush_seconds=60,
        symbols=SYMBOLS,
    ):
        clock = clock or SystemClock(lapse)
        lines = list(lines_of(symbols, tuple(STREAMS.values())))
        flushing = Flushing(flush_seconds, 20_000, sink)
        (tmp_path / "data").mkdir(exist_ok=True)
        collector = Collector(
            partial(Keeper, tmp_path / "data", lines, flushing, clock, BookStore(20, 1, clock)),
            lines,
            Venue(exchange.url.replace("http", "ws"), RestClient(exchange.url, clock, 15)),
            clock,
            random.Random(1),
        )
        asyncio.run(_run(collector, is_enough))

    return run


async def _run(collector, is_enough):
    stop = asyncio.Event()
    running = asyncio.create_task(collector.run(stop))
    waiting = asyncio.create_task(asyncio.to_thread(until, is_enough))
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await running
    await waiting
