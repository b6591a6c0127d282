import pytest

from items import VENUE, Market, Pair, Side


def test_the_opposite_side():
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)


def test_sides_are_what_the_exchange_writes():
    assert [str(side) for side in Side] == ["BUY", "SELL"]
    assert Side("SELL") is Side.SELL
    with pytest.raises(ValueError, match="sell"):
        Side("sell")


def test_a_market_is_one_side_of_a_pair():
    market = Market("USDT", "VES", Side.SELL)
    assert market.pair == Pair("USDT", "VES")
    assert (str(market), str(market.pair)) == ("USDT/VES SELL", "USDT/VES")
    assert len({market, Market("USDT", "VES", Side.SELL), Market("USDT", "VES", Side.BUY)}) == 2


def test_markets_and_pairs_have_an_order():
    assert Pair("BTC", "VES") < Pair("USDT", "BOB")
    assert Market("USDT", "VES", Side.BUY) < Market("USDT", "VES", Side.SELL)


def test_the_venue():
    assert VENUE == "binance"
