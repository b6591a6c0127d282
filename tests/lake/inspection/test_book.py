"""The figures of books, beside the same by plain Python."""

import random
from collections import defaultdict
from statistics import median

import pyarrow as pa
import pytest

from items import Market, Side
from p2p_scrapy.lake.inspection.book import Book, read_books

FIATS = [f"F{number:02d}" for number in range(60)]
ASSETS = ["USDT", "BTC", "ETH", "BNB", "DOGE"]


def random_ads(seed):
    """Some thousand ads of three hundred markets, in no order; a few have no price, or no rank."""
    chance = random.Random(seed)
    markets = [(asset, fiat) for asset in ASSETS for fiat in FIATS]
    ads = [
        {
            "asset": asset,
            "fiat": fiat,
            "price": chance.choice([None, float("nan")] + [chance.uniform(1, 1e6)] * 30),
            "rank": chance.choice([None, 1, 2, 3, 4, 5]),
        }
        for asset, fiat in markets
        for _ in range(chance.choice([1, 1, 2, 3, 40]))
    ]
    chance.shuffle(ads)
    return ads


def plain_book(ads, side):
    prices = [ad["price"] for ad in ads if ad["price"] is not None and ad["price"] == ad["price"]]
    natural = [ad for ad in ads if ad["rank"] is not None]
    of_natural = [ad["price"] for ad in natural if ad["price"] in prices]
    best = max if side is Side.BUY else min
    return Book(
        len(ads),
        len(natural),
        min(prices, default=None),
        max(prices, default=None),
        median(prices) if prices else None,
        best(of_natural, default=None),
    )


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("seed", range(5))
def test_each_market_has_its_own_figures(seed, side):
    ads, of_market = random_ads(seed), defaultdict(list)
    for ad in ads:
        of_market[Market(ad["asset"], ad["fiat"], side)].append(ad)
    found = read_books(pa.Table.from_pylist(ads), side)
    assert found == {market: plain_book(rows, side) for market, rows in of_market.items()}
