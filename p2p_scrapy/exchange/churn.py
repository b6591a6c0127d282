"""How the books change while time passes."""

from random import Random

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.book import Book
from p2p_scrapy.exchange.diary import Change, Diary
from p2p_scrapy.exchange.pricing import draw_price
from p2p_scrapy.exchange.stock import draw_stock
from p2p_scrapy.exchange.world import World

_TEN_MINUTES = 600.0
_STIRRED_ADS = 3


class Churn:
    """Changes a share of all ads in every ten minutes, evenly spread, one after the other.

    Half of the changes are new prices; the others are new stocks, ads that leave and ads that
    enter, a third each, so that the books keep their sizes.

    Attributes:
        diary: who entered and left.
    """

    def __init__(self, world: World, share: float, started_at: float, rng: Random) -> None:
        self.diary = Diary()
        self._world = world
        self._rng = rng
        changes = share * len(world.ads)
        self._gap = _TEN_MINUTES / changes if changes else 0.0
        self._next_at = started_at + self._gap

    def advance(self, now: float) -> None:
        """Make all changes that are due by now (the exchange's seconds since 1970)."""
        while self._gap and self._next_at <= now and self._world.ads:
            self._change(self._next_at)
            self._next_at += self._gap

    def _change(self, at: float) -> None:
        ad = self._rng.choice(self._world.ads)
        chance = self._rng.random()
        if chance < 1 / 2:
            reprice(self._world.books[ad.market.key], ad, self._rng)
        elif chance < 4 / 6:
            _restock(ad, self._rng)
        elif chance < 5 / 6:
            self._world.leave(ad)
            self.diary.note(ad.market.key, Change(at, ad.number, entered=False))
        else:
            new = self._world.enter(ad.market, int(at * 1000), self._rng)
            self.diary.note(ad.market.key, Change(at, new.number, entered=True))


def stir(book: Book, rng: Random) -> None:
    """Give some of a book's ads another price, so that they move between its pages."""
    for ad in rng.sample(book.natural, min(_STIRRED_ADS, len(book.natural))):
        reprice(book, ad, rng)


def reprice(book: Book, ad: Ad, rng: Random) -> None:
    """Give an ad another price."""
    price = draw_price(book.market, rng)
    while price == ad.price:
        price = draw_price(book.market, rng)
    book.reprice(ad, price)


def _restock(ad: Ad, rng: Random) -> None:
    ad.stock, ad.rendered = draw_stock(ad.market, ad.price, rng), b""
