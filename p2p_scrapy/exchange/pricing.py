"""Prices around a market's middle."""

from decimal import Decimal
from random import Random

from p2p_scrapy.exchange.market import Market


def draw_price(market: Market, rng: Random) -> Decimal:
    """A price a little on the maker's side of the middle; a few cross it, as in life."""
    distance = min(0.4, rng.expovariate(1 / 0.012) - 0.002)
    return at_distance(market, distance)


def at_distance(market: Market, distance: float) -> Decimal:
    """The price that is worse for the taker than the middle by this share."""
    worse = 1 + distance if market.side == "SELL" else 1 - distance
    return to_scale(market, Decimal(market.middle * worse))


def worse_price(market: Market, price: Decimal, rng: Random) -> Decimal:
    """A price that is worse for the taker by 1 to 5 percent, and by one tick at least."""
    step = max(tick(market), to_scale(market, price * Decimal(rng.uniform(0.01, 0.05))))
    return price + step if market.side == "SELL" else max(tick(market), price - step)


def tick(market: Market) -> Decimal:
    """The smallest difference between two prices."""
    return Decimal(1).scaleb(-market.price_scale)


def to_scale(market: Market, price: Decimal) -> Decimal:
    """Round to the market's decimals."""
    return price.quantize(tick(market))
