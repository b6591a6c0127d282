import json

import msgspec
import pytest

from items import Market, Side
from p2p_scrapy.binance import trading
from p2p_scrapy.binance.answers import BrokenJsonError, Envelope


def portal(*sides: tuple[str, list[str]], area: str = "P2P") -> dict:
    trade_sides = [
        {"side": side, "assets": [{"asset": a} for a in assets]} for side, assets in sides
    ]
    return {"area": area, "tradeSides": trade_sides}


def test_fiats_in_their_order_each_once(envelope):
    listed = [{"currencyCode": code, "currencySymbol": "$"} for code in ("VES", "BOB", "VES")]
    assert trading.fiats(envelope(listed)) == ["VES", "BOB"]


def test_no_fiats(envelope):
    assert trading.fiats(envelope([])) == []


@pytest.mark.parametrize("data", [{}, "x", [1], [{}], [{"currencyCode": None}], [["VES"]]])
def test_a_fiat_list_of_another_shape(envelope, data):
    with pytest.raises(BrokenJsonError, match="the answer of fiat-list has another shape"):
        trading.fiats(envelope(data))


def test_the_sides_of_a_portal_are_the_takers(envelope):
    data = {"fiat": "VES", "areas": [portal(("BUY", ["USDT", "BTC"]), ("SELL", ["USDT"]))]}
    assert trading.markets(envelope(data), "VES") == [
        Market("USDT", "VES", Side.SELL),
        Market("BTC", "VES", Side.SELL),
        Market("USDT", "VES", Side.BUY),
    ]


def test_the_area_is_selected_by_its_name(envelope):
    areas = [portal(("BUY", ["ETH"]), area="EXPRESS"), portal(("BUY", ["BNB"])), {"area": "CASH"}]
    assert trading.markets(envelope({"areas": areas}), "BOB") == [Market("BNB", "BOB", Side.SELL)]


@pytest.mark.parametrize("data", [{}, {"areas": []}, {"areas": [{"area": "P2P"}]}])
def test_a_fiat_that_trades_nothing(envelope, data):
    assert trading.markets(envelope(data), "BOB") == []


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"areas": [{}]},
        {"areas": [portal(("BOTH", ["USDT"]))]},
        {"areas": [{"area": "P2P", "tradeSides": [{"side": "BUY", "assets": [{}]}]}]},
    ],
)
def test_a_portal_of_another_shape(envelope, data):
    with pytest.raises(BrokenJsonError, match="portal/config of BOB has another shape"):
        trading.markets(envelope(data), "BOB")


def test_a_market_that_is_listed_twice_is_one_market(envelope):
    data = {"areas": [portal(("BUY", ["USDT", "USDT"])), portal(("BUY", ["USDT"]))]}
    assert trading.markets(envelope(data), "VES") == [Market("USDT", "VES", Side.SELL)]


def test_bytes_that_are_no_utf8_are_another_shape():
    data = Envelope(msgspec.Raw(b'[{"currencyCode":"\xff"}]'), None)
    with pytest.raises(BrokenJsonError):
        trading.fiats(data)


def test_the_recorded_portal(recordings):
    recording = recordings("kzt_buy_*.gz")[0]
    assert recording.request["path"].endswith("/portal/config")
    assets = ["USDT", "BTC", "BUSD", "BNB", "ETH", "SHIB"]
    assert trading.markets(recording.envelope, "KZT") == [
        *(Market(asset, "KZT", Side.SELL) for asset in assets),
        *(Market(asset, "KZT", Side.BUY) for asset in assets),
    ]
    assert json.loads(recording.body)["data"]["fiat"] == "KZT"
