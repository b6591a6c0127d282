from decimal import Decimal

import pytest

from items import Market, Side
from p2p_scrapy.census.prices import best_price, exact, spread


@pytest.fixture
def sweep_at(new_sweep):
    """A sweep of one side with these prices."""
    return lambda side, *prices: new_sweep(market=Market("USDT", "VES", side), prices=list(prices))


@pytest.mark.parametrize("text", ["58.1", "0.0042", "6998257.18", "1e-07", "123456789.012345"])
def test_a_price_is_exactly_what_the_exchange_wrote(text):
    assert exact(float(text)) == Decimal(text)


def test_the_best_bid_is_the_highest_and_the_best_ask_the_lowest(sweep_at):
    assert best_price(Side.BUY, sweep_at(Side.BUY, 1.0, 3.0, 2.0)) == 3.0
    assert best_price(Side.SELL, sweep_at(Side.SELL, 1.0, 3.0, 2.0)) == 1.0
    assert best_price(Side.SELL, sweep_at(Side.SELL)) is None
    assert best_price(Side.SELL, None) is None


@pytest.mark.parametrize(
    ("bid", "ask", "expected"),
    [(12.01, 11.99, "-0.02"), (11.99, 12.01, "0.02"), (0.1, 0.3, "0.2"), (7.0, 7.0, "0.0")],
)
def test_the_spread_is_exact_and_may_be_negative(sweep_at, bid, ask, expected):
    sweeps = {Side.BUY: sweep_at(Side.BUY, bid), Side.SELL: sweep_at(Side.SELL, ask)}
    assert spread(sweeps) == Decimal(expected)


def test_without_a_side_there_is_no_spread(sweep_at):
    assert spread({Side.BUY: sweep_at(Side.BUY, 1.0)}) is None
    assert spread({Side.BUY: sweep_at(Side.BUY, 1.0), Side.SELL: sweep_at(Side.SELL)}) is None
    assert spread({}) is None
