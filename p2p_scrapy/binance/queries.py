"""What to ask the exchange: paths, bodies and headers (API page, sections 1 and 5)."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from items import Market

PAGE_SIZE = 20
"""Rows of a page; the exchange refuses more (API page, section 1)."""

FIAT_LIST_PATH = "/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list"
PORTAL_CONFIG_PATH = "/bapi/c2c/v2/friendly/c2c/portal/config"
SEARCH_PATH = "/bapi/c2c/v2/friendly/c2c/adv/search"
"""``friendly``, not ``public``: the latter answers 200 with no ads (API page, section 1)."""


class Kind(StrEnum):
    """Which question a query is."""

    FIAT_LIST = "fiat_list"
    PORTAL_CONFIG = "portal_config"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Query:
    """One POST of a JSON body; ``subject`` says in a log line what it is about."""

    kind: Kind
    path: str
    body: bytes
    subject: str


def fiat_list() -> Query:
    """Which fiat currencies are traded."""
    return Query(Kind.FIAT_LIST, FIAT_LIST_PATH, b"{}", "the list of fiats")


def portal_config(fiat: str) -> Query:
    """Which assets are traded against a fiat, a side at a time."""
    body = msgspec.json.encode({"fiat": fiat})
    return Query(Kind.PORTAL_CONFIG, PORTAL_CONFIG_PATH, body, f"the assets of {fiat}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What narrows a search: payment method identifiers, "merchant" or "user", kinds of ads."""

    pay_types: tuple[str, ...] = ()
    publisher_type: str | None = None
    classifies: tuple[str, ...] = ("mass", "profession", "fiat_trade")


def search(market: Market, page: int, narrowed: Filter) -> Query:
    """One page of one market's book; pages count from 1."""
    body = {
        "fiat": market.fiat,
        "asset": market.asset,
        "tradeType": market.side.opposite,
        "page": page,
        "rows": PAGE_SIZE,
        "payTypes": narrowed.pay_types,
        "countries": [],
        "publisherType": narrowed.publisher_type,
        "proMerchantAds": False,
        "shieldMerchantAds": False,
        "filterType": "all",
        "periods": [],
        "additionalKycVerifyFilter": 0,
        "classifies": narrowed.classifies,
        "tradedWith": False,
        "followed": False,
    }
    return Query(Kind.SEARCH, SEARCH_PATH, msgspec.json.encode(body), f"{market} page {page}")


def headers(base_url: str) -> dict[str, str]:
    """What the exchange's own P2P page sends along; the user agent is Scrapy's setting."""
    return {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "Origin": base_url,
        "Referer": f"{base_url}/en/trade/all-payments/USDT",
    }
