import json

import pytest

from items import Market, Side
from p2p_scrapy.binance import queries
from p2p_scrapy.binance.queries import Filter, Kind


@pytest.mark.parametrize(("side", "asked"), [(Side.SELL, "BUY"), (Side.BUY, "SELL")])
def test_the_search_body_is_literally_that_of_the_product_page(side, asked):
    narrowed = Filter(classifies=("mass", "profession", "fiat_trade"))
    query = queries.search(Market("USDT", "VES", side), 3, narrowed)
    assert query.body.decode() == json.dumps(
        {
            "fiat": "VES",
            "asset": "USDT",
            "tradeType": asked,
            "page": 3,
            "rows": 20,
            "payTypes": [],
            "countries": [],
            "publisherType": None,
            "proMerchantAds": False,
            "shieldMerchantAds": False,
            "filterType": "all",
            "periods": [],
            "additionalKycVerifyFilter": 0,
            "classifies": ["mass", "profession", "fiat_trade"],
            "tradedWith": False,
            "followed": False,
        },
        separators=(",", ":"),
    )
    assert query.path == "/bapi/c2c/v2/friendly/c2c/adv/search"
    assert (query.kind, query.subject) == (Kind.SEARCH, f"USDT/VES {side} page 3")


def test_a_sample_asks_for_less():
    narrowed = Filter(pay_types=("Zinli", "BANK"), publisher_type="merchant", classifies=("mass",))
    body = json.loads(queries.search(Market("USDT", "VES", Side.SELL), 1, narrowed).body)
    assert body["payTypes"] == ["Zinli", "BANK"]
    assert body["publisherType"] == "merchant"
    assert body["classifies"] == ["mass"]


def test_the_questions_of_discovery():
    fiats, portal = queries.fiat_list(), queries.portal_config("VES")
    assert fiats.path == "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
    assert (fiats.kind, fiats.body) == (Kind.FIAT_LIST, b"{}")
    assert portal.path == "/bapi/c2c/v2/friendly/c2c/portal/config"
    assert (portal.kind, portal.body) == (Kind.PORTAL_CONFIG, b'{"fiat":"VES"}')
    assert (fiats.subject, portal.subject) == ("the list of fiats", "the assets of VES")


def test_headers_name_the_exchanges_own_page():
    assert queries.headers("https://p2p.binance.com") == {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "Origin": "https://p2p.binance.com",
        "Referer": "https://p2p.binance.com/en/trade/all-payments/USDT",
    }
