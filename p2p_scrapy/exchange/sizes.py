"""How many ads each market holds: as unequal as in life."""

from collections.abc import Sequence
from random import Random

from p2p_scrapy.exchange.market import Market

LARGEST_BOOK = 1_400
"""The deepest book that was ever reported held 1,406 ads (UAH, 2026-09-24)."""


def book_sizes(markets: Sequence[Market], ads: int, rng: Random) -> list[int]:
    """Share out exactly so many ads over the markets.

    Busy currencies and assets get the most, up to LARGEST_BOOK unless that leaves too little
    room; where a market's share is below half an ad, its book is empty.
    """
    weights = [
        market.currency.busyness * market.coin.busyness * rng.lognormvariate(0, 0.35)
        for market in markets
    ]
    most = max(LARGEST_BOOK, 2 * ads // len(markets))
    return _whole(_capped(weights, ads, most), ads)


def _capped(weights: list[float], ads: int, most: int) -> list[float]:
    """Shares in proportion to the weights, none above the cap."""
    full: set[int] = set()
    while True:
        open_weight = sum(w for i, w in enumerate(weights) if i not in full)
        each = (ads - most * len(full)) / open_weight
        over = {i for i, w in enumerate(weights) if i not in full and w * each > most}
        if not over:
            return [float(most) if i in full else w * each for i, w in enumerate(weights)]
        full |= over


def _whole(shares: list[float], ads: int) -> list[int]:
    """Round so that the sum stays: the largest remainders are rounded up."""
    sizes = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: sizes[i] - shares[i])
    for i in by_remainder[: ads - sum(sizes)]:
        sizes[i] += 1
    return sizes
