"""Every page of the exchange's books, known beforehand: what all contenders ask for."""

import json
from collections.abc import Iterator
from typing import Any

SEARCH_PATH = "/bapi/c2c/v2/friendly/c2c/adv/search"
HEADERS = {"Content-Type": "application/json"}
PAGE_SIZE = 20
_TAKERS_SIDE = {"BUY": "SELL", "SELL": "BUY"}


def bodies_of(book: dict[str, Any]) -> Iterator[bytes]:
    """The request bodies of all pages, market by market; an empty market has a page as well.

    Args:
        book: what ``/exchange/book`` tells.
    """
    for market in book["markets"]:
        for page in range(1, max(1, -(-len(market["natural"]) // PAGE_SIZE)) + 1):
            yield json.dumps(_question(market, page), separators=(",", ":")).encode()


def _question(market: dict[str, Any], page: int) -> dict[str, Any]:
    return {
        "fiat": market["fiat"],
        "asset": market["asset"],
        "tradeType": _TAKERS_SIDE[market["side"]],
        "page": page,
        "rows": PAGE_SIZE,
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
    }
