"""What may be asked for, and where it is asked for."""

import pytest

from items.futures import Dataset
from p2p_scrapy.errors import UsageError
from p2p_scrapy.futures.stream.routes import lines_of
from p2p_scrapy.futures.stream.scope import StreamScope


def test_what_is_not_given_is_depth20_and_trades_in_parquet():
    scope = StreamScope.of_run({"symbols": "btcusdt,ETHUSDT"})
    assert scope.symbols == ("BTCUSDT", "ETHUSDT")
    assert scope.streams == ("depth20@100ms", "aggTrade")
    assert scope.sink == "parquet"
    assert scope.stream(Dataset.DEPTH) == "depth20@100ms"
    assert scope.stream(Dataset.DIFFS) is None


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({}, "symbols"),
        ({"symbols": "BTC USDT"}, "symbols"),
        ({"symbols": "BTCUSDT", "streams": "bookTicker"}, "streams"),
        ({"symbols": "BTCUSDT", "streams": "depth5,depth20@100ms"}, "streams"),
        ({"symbols": "BTCUSDT", "sink": "csv"}, "sink"),
        ({"symbols": "BTCUSDT", "stream": "aggTrade"}, "stream"),
    ],
)
def test_anything_else_is_refused_by_name(arguments, named):
    with pytest.raises(UsageError, match=f"'?{named}'?[ ;]"):
        StreamScope.of_run(arguments)


def test_each_route_has_lines_of_its_own():
    lines = list(lines_of(("BTCUSDT", "ETHUSDT"), ("depth20@100ms", "aggTrade", "depth@100ms")))
    assert [line.address("wss://host") for line in lines] == [
        (
            "wss://host/public/stream?streams=btcusdt@depth20@100ms/btcusdt@depth@100ms"
            "/ethusdt@depth20@100ms/ethusdt@depth@100ms"
        ),
        "wss://host/market/stream?streams=btcusdt@aggTrade/ethusdt@aggTrade",
    ]


def test_a_connection_carries_200_streams_at_most():
    lines = list(lines_of(tuple(f"S{number}" for number in range(570)), ("aggTrade",)))
    assert [(line.name, len(line.streams)) for line in lines] == [
        ("market-1", 200),
        ("market-2", 200),
        ("market-3", 170),
    ]


def test_a_symbol_that_is_not_ascii_is_encoded():
    (line,) = lines_of(("牛来USDT",), ("aggTrade",))
    assert line.address("wss://h").endswith("streams=%E7%89%9B%E6%9D%A5usdt@aggTrade")
