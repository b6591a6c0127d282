from collections import Counter, defaultdict
from decimal import Decimal
from random import Random

import pytest

from p2p_scrapy.exchange import ExchangeOptions
from p2p_scrapy.exchange.ad_number import AdNumbers
from p2p_scrapy.exchange.entry import render
from p2p_scrapy.exchange.market import markets_of
from p2p_scrapy.exchange.sizes import book_sizes
from p2p_scrapy.exchange.truth import truth
from p2p_scrapy.exchange.world import OPENED_MS, World


@pytest.fixture(scope="module")
def world():
    return World(ExchangeOptions(ads=12_000))


def entries(world):
    return [render(ad) for ad in (*world.ads, *world.extras())]


def test_the_same_seed_gives_the_same_world_to_the_byte():
    small = ExchangeOptions(ads=600, seed=7)
    one, other = World(small), World(small)
    assert entries(one) == entries(other)
    assert truth(one) == truth(other)
    assert entries(World(ExchangeOptions(ads=600, seed=8))) != entries(one)


def test_holds_exactly_the_ads_and_markets_asked_for():
    assert len(World(ExchangeOptions(ads=777)).ads) == 777
    small = World(ExchangeOptions(markets=3, ads=60))
    assert [len(book.natural) > 0 for book in small.books.values()] == [True] * 3
    assert len(small.ads) == 60
    narrowed = World(ExchangeOptions(ads=50, fiats=("VES", "BOB"), assets=("USDT",)))
    assert set(narrowed.books) == {(f, "USDT", s) for f in ("VES", "BOB") for s in ("BUY", "SELL")}


def test_books_are_as_unequal_as_in_life():
    markets = markets_of(ExchangeOptions())
    sizes = book_sizes(markets, 50_000, Random(1))
    assert len(markets) == 112 * 8 * 2
    assert sum(sizes) == 50_000
    assert max(sizes) == 1_400
    assert sizes.count(0) > 300
    by_asset = Counter()
    for market, size in zip(markets, sizes, strict=True):
        by_asset[market.coin.code] += size
    assert by_asset["USDT"] > 0.7 * sum(sizes)


def test_a_few_markets_may_be_deeper_than_any_real_one():
    assert sum(book_sizes(markets_of(ExchangeOptions(markets=2)), 9_000, Random(1))) == 9_000


def test_asks_ascend_and_bids_descend(world):
    for book in world.books.values():
        prices = [ad.price for ad in book.natural]
        assert prices == sorted(prices, reverse=book.market.side == "BUY")


def test_promoted_ads_are_worse_than_the_page_and_half_of_the_deep_ones_are_natural(world):
    promoted = [book for book in world.books.values() if book.promotion]
    filled = [book for book in world.books.values() if book.natural]
    assert len(promoted) / len(filled) == pytest.approx(0.6, abs=0.06)
    for book in promoted:
        assert book.promoted_before(book.natural) is book.promotion
        assert book.promotion.ad not in book.natural[:20]
        assert book.promotion.ad.advertiser.is_merchant
    deep = [book for book in promoted if len(book.natural) > 40]
    natural = [book for book in deep if book.promotion.ad in book.natural]
    assert 0.4 < len(natural) / len(deep) < 0.85
    assert len(world.extras()) == len(promoted) - sum(
        book.promotion.ad in book.natural for book in promoted
    )


def test_numbers_are_unique_and_carry_the_creation_time(world):
    ads = [*world.ads, *world.extras()]
    assert len({ad.number for ad in ads}) == len(ads)
    for ad in ads:
        assert len(ad.number) == 20
        assert (int(ad.number[2:]) >> 22) + 1_566_994_004_200 == ad.created_ms
        assert 25_000 <= OPENED_MS - ad.created_ms <= 1_130 * 86_400_000
    assert {ad.number[:2] for ad in ads} == {"11", "12", "13"}


def test_a_number_is_never_handed_out_twice():
    class Stuttering(Random):
        def __init__(self):
            super().__init__()
            self._draws = [5, 5, 6]

        def getrandbits(self, _bits):
            return self._draws.pop(0)

    numbers, rng = AdNumbers(), Stuttering()
    drawn = [numbers.draw(OPENED_MS, merchant_sells=False, rng=rng) for _ in range(2)]
    assert int(drawn[1]) == int(drawn[0]) + 1


def test_advertisers_have_ads_in_several_markets(world):
    markets = defaultdict(set)
    for ad in world.ads:
        markets[ad.advertiser.user_no].add(ad.market.key)
    several = sum(len(keys) > 1 for keys in markets.values())
    assert several > 0.2 * len(markets)
    merchants = sum(ad.advertiser.is_merchant for ad in world.ads)
    assert 0.45 < merchants / len(world.ads) < 0.57


def test_no_natural_ad_breaks_a_row_rule(world):
    for ad in world.ads:
        assert ad.price > 0
        assert ad.stock.surplus > 0
        assert 1 <= ad.stock.least <= ad.stock.most
        assert ad.advertiser.finish_rate > 0 or ad.advertiser.month_orders == 0
        assert isinstance(ad.price, Decimal)
