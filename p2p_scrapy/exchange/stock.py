"""What an ad offers: its stock and the amounts it takes at once."""

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from random import Random

from p2p_scrapy.exchange.market import Market

_LEAST_DOLLARS = (2, 5, 10, 10, 10, 20, 50, 100, 100, 500)
_ALL_AT_ONCE = 0.3
"""Ads whose limit is what their stock is worth."""
_FEES = (Decimal("0.0035"), Decimal("0.0025"), Decimal("0.0028"), Decimal("0.002"))
"""Maker fees seen in 2026: SELL ads can trade 0.9965 to 0.998 of their stock."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Quantities are in crypto, amounts in FIAT (whole since 2025).

    Attributes:
        surplus: what is left.
        tradable: surplus less the maker's fee on SELL ads, the same on BUY ads.
        least: smallest amount of one trade, never above what the tradable stock is worth.
        most: largest amount of one trade.
    """

    surplus: Decimal
    tradable: Decimal
    least: int
    most: int

    def at_price(self, price: Decimal) -> "Stock":
        """The same stock at a new price: an ad whose stock is below its least is not shown."""
        return replace(self, least=min(self.least, int(self.tradable * price)))


def draw_stock(market: Market, price: Decimal, rng: Random) -> Stock:
    """Make up a stock worth 40 to 60,000 dollars, most of them small."""
    dollars = 40 * 1500 ** rng.betavariate(1.2, 1.8)
    surplus = round_down(Decimal(dollars / market.coin.dollars), market.coin.scale)
    tradable = surplus
    if market.side == "SELL":
        tradable = round_down(surplus * (1 - rng.choice(_FEES)), market.coin.scale)
    worth = int(tradable * price)
    least = min(worth, _neat(rng.choice(_LEAST_DOLLARS) * market.currency.per_dollar))
    most = worth if rng.random() < _ALL_AT_ONCE else _neat(worth * rng.uniform(0.5, 3))
    return Stock(surplus, tradable, least, max(least, most))


def round_down(value: Decimal, scale: int) -> Decimal:
    """Cut to so many decimals, as the exchange does with quantities."""
    return value.quantize(Decimal(1).scaleb(-scale), ROUND_DOWN)


def _neat(amount: float) -> int:
    """Two leading digits, the rest zeros: what people type."""
    return max(1, int(float(f"{amount:.1e}")))
