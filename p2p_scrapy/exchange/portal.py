"""Discovery: the currencies, what each one's areas trade, and what narrows a search."""

from collections.abc import Iterable, Sequence
from typing import Any

from p2p_scrapy.exchange.coins import COINS
from p2p_scrapy.exchange.currencies import Currency
from p2p_scrapy.exchange.market import OPPOSITE
from p2p_scrapy.exchange.trade_methods import methods_of

_EXPRESS_ASSETS = ("USDT", "BTC", "SHIB", "XRP", "ADA")
_TABS = ("BUY", "SELL")
_PERIODS = (15, 30, 45, 60, 180, 360)
_NAMES = {coin.code: coin.name for coin in COINS}
AssetsBySide = dict[str, Sequence[str]]
"""Codes of assets by the ADVERTISER's side."""


def fiat_list(currencies: Iterable[Currency]) -> list[dict[str, Any]]:
    """``data`` of trade-rule/fiat-list."""
    return [
        {
            "currencyCode": currency.code,
            "currencySymbol": currency.symbol,
            "currencyScale": currency.scale,
            "countryCode": currency.country,
            "iconUrl": f"/image/flags/{currency.country}.png",
            "description": None,
        }
        for currency in currencies
    ]


def portal_config(fiat: str, assets: AssetsBySide) -> dict[str, Any]:
    """``data`` of portal/config: the area P2P is not always the first one."""
    p2p = _area("P2P", fiat, assets)
    express = _area("EXPRESS", fiat, dict.fromkeys(assets, _EXPRESS_ASSETS))
    return {
        "fiat": fiat,
        "areas": [express, p2p] if sum(fiat.encode()) % 3 == 0 else [p2p, express],
        "filterDefaultValues": {"publisherType": ""},
        "merchantFilterAlert": None,
    }


def filter_conditions(fiat: str, currency: Currency | None) -> dict[str, Any]:
    """``data`` of adv/filter-conditions."""
    country = currency.country if currency else None
    return {
        "countries": [{"scode": country, "name": country}] if country else [],
        "tradeMethods": [
            {"id": None, **method.fields(), "payMethodId": None} for method in methods_of(fiat)
        ],
        "periods": list(_PERIODS),
        "preferredCountry": country,
    }


def _area(name: str, fiat: str, assets: AssetsBySide) -> dict[str, Any]:
    return {
        "area": name,
        "proMerchantFilterAvailable": name == "P2P",
        "newArea": False,
        "tradeSides": [_tab(tab, fiat, assets.get(OPPOSITE[tab], ())) for tab in _TABS],
    }


def _tab(tab: str, fiat: str, assets: Sequence[str]) -> dict[str, Any]:
    """A side as the taker sees it, thus as a search's tradeType names it."""
    return {
        "side": tab,
        "assets": [
            {"asset": code, "description": _NAMES.get(code, ""), "iconUrl": None} for code in assets
        ],
        "convertAssets": [],
        "tradeMethods": [{"identifier": method.identifier} for method in methods_of(fiat)],
    }
