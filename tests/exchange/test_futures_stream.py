"""The exchange's live futures, as a client of sockets and REST sees them."""

import asyncio
import itertools
import json

import aiohttp
import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.futures.stream.options import StreamOptions

FAST = ExchangeOptions(ads=0, markets=1, time_lapse=20)
PUBLIC = "/public/stream?streams=btcusdt@depth20@100ms/btcusdt@aggTrade/btcusdt@depth@100ms"
MARKET = "/market/stream?streams=btcusdt@aggTrade/btcusdt@depth20@100ms"


async def frames_of(exchange, path, count):
    async with aiohttp.ClientSession() as session, session.ws_connect(exchange.url + path) as ws:
        return [json.loads((await ws.receive()).data) for _ in range(count)]


async def answer(exchange, path):
    async with aiohttp.ClientSession() as session, session.get(exchange.url + path) as response:
        return response.status, await response.json(), response.headers


def names(frames):
    return {frame["stream"].partition("@")[2] for frame in frames}


def test_each_route_delivers_its_own_streams_and_is_silent_of_the_others():
    with running_exchange(FAST) as exchange:
        public = asyncio.run(frames_of(exchange, PUBLIC, 40))
        market = asyncio.run(frames_of(exchange, MARKET, 40))
        unrouted = asyncio.run(frames_of(exchange, PUBLIC.removeprefix("/public"), 40))
    assert names(public) == names(unrouted) == {"depth20@100ms", "depth@100ms"}
    assert names(market) == {"aggTrade"}


def test_ids_follow_each_other_as_in_life():
    with running_exchange(FAST) as exchange:
        trades = [f["data"] for f in asyncio.run(frames_of(exchange, MARKET, 40))]
        public = asyncio.run(frames_of(exchange, PUBLIC, 80))
    diffs = [f["data"] for f in public if f["stream"].endswith("@depth@100ms")]
    for before, after in itertools.pairwise(trades):
        assert after["a"] == before["a"] + 1
        assert after["f"] == before["l"] + 1
    for before, after in itertools.pairwise(diffs):
        assert after["pu"] == before["u"] < after["U"] <= after["u"]
    assert any(after["U"] != after["pu"] + 1 for after in diffs)


def test_snapshots_and_trades_cost_weight_and_refuse_as_in_life():
    with running_exchange(FAST) as exchange:
        asyncio.run(frames_of(exchange, MARKET, 20))
        for path, status, told in (
            ("/fapi/v1/depth?symbol=BTCUSDT&limit=7", 400, -4021),
            ("/fapi/v1/depth?symbol=NOUSDT", 400, -1121),
            ("/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1001", 400, -1130),
            ("/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1", 400, -4166),
            ("/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=1", 400, -4166),
        ):
            got, body, _ = asyncio.run(answer(exchange, path))
            assert (got, body["code"]) == (status, told)
        _, book, headers = asyncio.run(answer(exchange, "/fapi/v1/depth?symbol=BTCUSDT&limit=5"))
        assert len(book["bids"]) == len(book["asks"]) == 5
        assert float(book["bids"][0][0]) < float(book["asks"][0][0])
        assert int(headers["X-MBX-USED-WEIGHT-1M"]) > 0
        _, trades, _ = asyncio.run(answer(exchange, "/fapi/v1/aggTrades?symbol=BTCUSDT&limit=3"))
        first = trades[0]["a"]
        path = f"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId={first}&limit=3"
        assert asyncio.run(answer(exchange, path))[1] == trades
        since = trades[0]["T"]
        path = f"/fapi/v1/aggTrades?symbol=BTCUSDT&startTime={since}&limit=1000"
        later = asyncio.run(answer(exchange, path))[1]
        assert trades[0] in later
        assert later[0]["T"] == since  # where it begins, others may be of the same moment


def test_too_much_weight_in_a_minute_is_429():
    with running_exchange(ExchangeOptions(ads=0, markets=1)) as exchange:

        async def ask():
            path = "/fapi/v1/depth?symbol=BTCUSDT&limit=1000"
            return [await answer(exchange, path) for _ in range(260)]

        refused = [each for each in asyncio.run(ask()) if each[0] == 429]
    assert refused
    assert int(refused[0][2]["Retry-After"]) > 0


@pytest.mark.parametrize("options", [{"cut": -1}, {"silence": -1}, {"skip": 2}])
def test_an_option_that_cannot_be_is_refused(options):
    with pytest.raises(OptionError, match="stream-"):
        StreamOptions(**options)
