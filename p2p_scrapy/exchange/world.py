"""The world of the exchange: every market's book, filled from a seed."""

from collections import Counter
from random import Random

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.ad_maker import AdMaker, draw_creation
from p2p_scrapy.exchange.book import PAGE_ROWS, Book, Promotion
from p2p_scrapy.exchange.entry import FEATURED, PROMOTED
from p2p_scrapy.exchange.market import Market, MarketKey, markets_of
from p2p_scrapy.exchange.options import ExchangeOptions
from p2p_scrapy.exchange.population import Population
from p2p_scrapy.exchange.pricing import draw_price, worse_price
from p2p_scrapy.exchange.sizes import book_sizes

OPENED_MS = 1_791_676_800_000
"""2026-10-11T00:00:00Z, when the fiat list was recorded: all ages count from then, not from the
start of the process, so that the same seed gives the same world on every day."""

_PROMOTED_SHARE = 0.6
"""149 of 242 recorded first pages carry a promoted ad."""
_FEATURED_SHARE = 0.06
_NATURAL_SHARE = 0.67
"""How many promoted ads also stand in the book, where it is deeper than a page: not recorded."""
_LED_SHARE = 0.4


class World:
    """All books, and all natural ads as one crowd to draw from.

    Attributes:
        books: by (fiat, asset, advertiser's side), empty ones too, busy currencies first.
        ads: natural ads in no order.
    """

    def __init__(self, options: ExchangeOptions) -> None:
        self._seed = options.seed
        self._maker = AdMaker()
        markets = markets_of(options)
        sizes = book_sizes(markets, options.ads, self._random("sizes"))
        self._population = Population(_ads_by_fiat(markets, sizes), options.seed)
        self.ads: list[Ad] = []
        self._places: dict[Ad, int] = {}
        self.books: dict[MarketKey, Book] = {}
        for market, size in zip(markets, sizes, strict=True):
            self._fill(market, size)

    def enter(self, market: Market, created_ms: int, rng: Random) -> Ad:
        """Let a new ad into its book."""
        advertiser = self._population.draw(market.currency.code, rng)
        ad = self._maker.make(market, advertiser, draw_price(market, rng), created_ms, rng)
        self._count_in(ad)
        self.books[market.key].add(ad)
        return ad

    def leave(self, ad: Ad) -> None:
        """Take an ad out of its book."""
        self.books[ad.market.key].remove(ad)
        place, last = self._places.pop(ad), self.ads.pop()
        if last is not ad:
            self.ads[place] = last
            self._places[last] = place

    def extras(self) -> list[Ad]:
        """The ads that are promoted, but stand in no book."""
        promoted = [book.promotion.ad for book in self.books.values() if book.promotion]
        return [ad for ad in promoted if ad not in self._places]

    def _fill(self, market: Market, size: int) -> None:
        rng = self._random("/".join(market.key))
        book = self.books[market.key] = Book(market)
        for _ in range(size):
            self.enter(market, draw_creation(OPENED_MS, rng), rng)
        book.has_leader = rng.random() < _LED_SHARE
        if book.natural and rng.random() < _PROMOTED_SHARE:
            book.promotion = self._promote(book, rng)

    def _promote(self, book: Book, rng: Random) -> Promotion:
        privilege = FEATURED if rng.random() < _FEATURED_SHARE else PROMOTED
        worst = book.natural[:PAGE_ROWS][-1]
        behind = [
            ad
            for ad in book.natural[PAGE_ROWS:]
            if ad.taker_cost > worst.taker_cost and ad.advertiser.is_merchant
        ]
        if behind and rng.random() < _NATURAL_SHARE:
            return Promotion(rng.choice(behind), privilege)
        return Promotion(self._make_extra(book.market, worst, rng), privilege)

    def _make_extra(self, market: Market, worst: Ad, rng: Random) -> Ad:
        """An ad that is promoted only, and in no book."""
        merchant = self._population.draw_merchant(market.currency.code, rng)
        price = worse_price(market, worst.price, rng)
        return self._maker.make(market, merchant, price, draw_creation(OPENED_MS, rng), rng)

    def _count_in(self, ad: Ad) -> None:
        self._places[ad] = len(self.ads)
        self.ads.append(ad)

    def _random(self, purpose: str) -> Random:
        return Random(f"{self._seed}/{purpose}")  # noqa: S311  nothing here is a secret


def _ads_by_fiat(markets: list[Market], sizes: list[int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for market, size in zip(markets, sizes, strict=True):
        counts[market.currency.code] += size
    return dict(counts)
