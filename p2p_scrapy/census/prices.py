"""Prices of a pair's books, exactly as the exchange wrote them."""

from collections.abc import Mapping
from decimal import Decimal

from items import Side
from p2p_scrapy.census.open_sweep import OpenSweep


def exact(value: float) -> Decimal:
    """The decimal that the exchange wrote: the shortest text of the float that it became."""
    return Decimal(repr(value))


def best_price(side: Side, sweep: OpenSweep | None) -> float | None:
    """The best bid is the highest, the best ask the lowest; None of an empty book.

    Ads without a rank take no part.
    """
    if sweep is None or not sweep.prices:
        return None
    return max(sweep.prices) if side is Side.BUY else min(sweep.prices)


def spread(books: Mapping[Side, OpenSweep]) -> Decimal | None:
    """Best ask less best bid, which may be negative; None where a side is empty or unread."""
    ask = best_price(Side.SELL, books.get(Side.SELL))
    bid = best_price(Side.BUY, books.get(Side.BUY))
    return None if ask is None or bid is None else exact(ask) - exact(bid)
