"""A market of the exchange, and the order in which there are markets."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from p2p_scrapy.exchange.coins import COINS, Coin
from p2p_scrapy.exchange.currencies import CURRENCIES, Currency
from p2p_scrapy.exchange.options import ExchangeOptions

SIDES = ("SELL", "BUY")
OPPOSITE = {"SELL": "BUY", "BUY": "SELL"}
MarketKey = tuple[str, str, str]
"""(fiat, asset, side), the ADVERTISER's side."""


@dataclass(frozen=True, slots=True)
class Market:
    """All ads of one advertiser's side of an asset in a currency."""

    currency: Currency
    coin: Coin
    side: str

    @property
    def key(self) -> MarketKey:
        """What a search names the market by."""
        return self.currency.code, self.coin.code, self.side

    @property
    def middle(self) -> float:
        """The price around which asks and bids lie."""
        return self.currency.per_dollar * self.coin.dollars

    @property
    def price_scale(self) -> int:
        """Decimals of a price: four digits at least, and the currency's own (recordings)."""
        digits = math.floor(math.log10(self.middle)) + 1
        return max(min(2, self.currency.scale), 4 - digits)


def markets_of(options: ExchangeOptions) -> list[Market]:
    """The markets that the options let exist, busy currencies first."""
    busiest_first = sorted(CURRENCIES, key=lambda currency: -currency.busyness)
    markets = [
        Market(currency, coin, side)
        for currency in busiest_first
        if not options.fiats or currency.code in options.fiats
        for coin in COINS
        if not options.assets or coin.code in options.assets
        for side in SIDES
    ]
    return markets[: options.markets]


def currencies_of(markets: Iterable[Market]) -> list[Currency]:
    """The currencies of these markets, in the order of the fiat-list."""
    codes = {market.currency.code for market in markets}
    return [currency for currency in CURRENCIES if currency.code in codes]
