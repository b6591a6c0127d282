"""Books that move while they are read: read again, and then whole, or partial with a reason."""

import time
from random import Random

import pytest

from p2p_scrapy.exchange.pricing import tick

MARKET = ("VND", "USDT", "SELL")
BEFORE_THE_SEARCHES = 3
"""The exchange looks at its clock once when it is made, for the fiats, and for the assets."""


class Mover:
    """The exchange's clock, which it looks at before every answer: that is when ads move.

    ``move`` is called with the number of the search and the book, as long as one is there.
    """

    def __init__(self, move):
        self.world = None
        self._move = move
        self._looks = 0

    def now(self):
        self._looks += 1
        search = self._looks - BEFORE_THE_SEARCHES
        if self.world is not None and search > 0:
            self._move(search, self.world)
        return 1_795_000_000.0 + self._looks / 100


@pytest.fixture
def read(open_exchange, census):
    """A census of one book of five pages, in which something happens at some searches.

    One page is asked for at a time: answers that overtake each other may take a round more.
    """

    def take(move, **settings):
        clock = Mover(move)
        exchange = open_exchange(clock, markets=1, ads=90)
        clock.world = exchange.world
        crawl = census(exchange, width=1, **settings)
        clock.world = None
        assert crawl.is_accounted_for()
        (book,) = exchange.world.books.values()
        return crawl, crawl.ledger[MARKET], book, exchange.requests()["search"]

    return take


def reprice_the_last(world):
    """The worst ad becomes the best, so that all others move a place on."""
    (book,) = world.books.values()
    book.reprice(book.natural[-1], book.natural[0].price - tick(book.market))


def leave_from_the_middle(world):
    (book,) = world.books.values()
    world.leave(book.natural[50])


def rows_of(crawl):
    return [(ad["adv_no"], ad["price"]) for ad in crawl.ads_of[MARKET] if ad["rank"]]


@pytest.mark.parametrize("happens", [reprice_the_last, leave_from_the_middle])
def test_a_book_that_moves_once_is_read_again_and_whole(read, happens):
    crawl, row, book, searches = read(lambda search, world: search == 3 and happens(world))
    assert (row["verdict"], row["error"], row["rereads"]) == ("complete", None, 1)
    assert (row["total_first"], row["total_last"]) == (len(book.natural), len(book.natural))
    assert 5 < searches <= 9  # page 5 at least was read after it
    # Each ad once, at its place and price of now, and none that has gone.
    assert rows_of(crawl) == [(ad.number, float(ad.price)) for ad in book.natural]
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")


def test_a_book_that_never_rests_stays_partial_and_says_why(read):
    crawl, row, _, searches = read(lambda _, world: leave_from_the_middle(world))
    assert (row["verdict"], row["rereads"]) == ("partial", 2)
    assert row["error"].startswith("the total changed while it was read: ")
    assert row["error"].endswith("; read again twice")
    assert searches <= 15
    numbers = [number for number, _ in rows_of(crawl)]
    assert len(numbers) == len(set(numbers)) == row["unique"]
    assert (crawl.code, crawl.manifest["status"]) == (3, "partial")


def test_a_book_larger_than_the_budget_is_not_read_again(read):
    """It cannot leave as one burst, so another round would be no better than the first."""
    _, row, _, searches = read(
        lambda search, world: search == 6 and leave_from_the_middle(world),
        REQUESTS_PER_MINUTE=4,
        TIME_LAPSE=200,
    )
    assert (row["verdict"], searches) == ("partial", 6)  # page 1 first told the size
    assert row["error"].startswith("the total changed while it was read: ")


def replace_the_first(world):
    """The best ad leaves, and at once a new one enters at the end: no total ever shows it."""
    (book,) = world.books.values()
    world.leave(book.natural[0])
    new = world.enter(book.market, int(time.time() * 1000), Random(1))
    book.reprice(new, book.natural[-1].price + tick(book.market))


def test_an_ad_that_enters_as_another_leaves_is_noticed_by_its_age(read):
    crawl, row, book, _ = read(lambda search, world: search == 3 and replace_the_first(world))
    assert (row["verdict"], row["rereads"]) == ("complete", 1)
    assert rows_of(crawl) == [(ad.number, float(ad.price)) for ad in book.natural]
