"""What -a arguments mean."""

from datetime import date

import pytest

from p2p_scrapy.errors import UsageError
from p2p_scrapy.futures.archive.asked import Asked
from p2p_scrapy.futures.archive.plan import Span
from p2p_scrapy.futures.archive.series import Series

TODAY = date(2026, 10, 4)


def asked(**given):
    return Asked.of({"symbols": "BTCUSDT"} | given, TODAY)


def test_the_defaults():
    assert asked() == Asked((Series("aggTrades", "BTCUSDT"),), Span(date(2019, 9, 1), TODAY))


def test_every_series_of_every_symbol():
    found = asked(symbols="btcusdt, 牛来usdt", datasets="aggtrades,klines", interval="1h")
    assert found.series == (
        Series("aggTrades", "BTCUSDT"),
        Series("klines", "BTCUSDT", "1h"),
        Series("aggTrades", "牛来USDT"),
        Series("klines", "牛来USDT", "1h"),
    )


def test_months_and_days():
    assert asked(start="2026-02", end="2026-02").span == Span(date(2026, 2, 1), date(2026, 2, 28))
    day = date(2026, 9, 17)
    assert asked(start="2026-09-17", end="2026-09-17").span == Span(day, day)


def test_the_future_is_not_asked_for():
    assert asked(end="2030-01").span.last == TODAY


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"symbols": "BTC/USDT"}, "argument symbols is 'BTC/USDT'"),
        ({"datasets": "trades"}, "argument datasets is 'trades'; it must be of aggTrades,klines"),
        ({"interval": "1M"}, "argument interval is '1M'; it must be one of 1m, 3m"),
        ({"start": "yesterday"}, "argument start is 'yesterday'"),
        ({"start": "2026-02-30"}, "argument start is '2026-02-30'"),
        ({"start": "2026-09", "end": "2026-08"}, "argument start is '2026-09'; it must be a day"),
        ({"start": "2027"}, "argument start is '2027'"),
        ({"symbol": "BTCUSDT"}, "there is no argument 'symbol'; did you mean symbols? (known: "),
    ],
)
def test_what_is_refused(given, told):
    with pytest.raises(UsageError) as refused:
        asked(**given)
    assert str(refused.value).startswith(told)
