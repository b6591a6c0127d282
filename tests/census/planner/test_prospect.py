import pytest

from items import Market, Side
from p2p_scrapy.census.market_history import MarketHistory
from p2p_scrapy.census.planner.prospect import USUAL_RATE, prospects

VES, BOB = Market("USDT", "VES", Side.SELL), Market("USDT", "BOB", Side.SELL)


def seen(epoch, total, changes=0.0, watched=0.0):
    return MarketHistory(
        total=total, asked_at=epoch, complete_at=epoch, changes=changes, watched=watched
    )


@pytest.mark.parametrize(
    ("total", "requests"), [(None, 1), (0, 1), (1, 1), (20, 1), (21, 2), (1400, 70), (9000, 250)]
)
def test_a_market_costs_its_pages(epoch, total, requests):
    (found,) = prospects([VES], {VES: seen(epoch, total)}, 250)
    assert found.requests == requests
    assert not found.is_new


def test_a_sample_costs_no_more_than_its_pages(epoch):
    (found,) = prospects([VES], {VES: seen(epoch, 1400)}, 3)
    assert found.requests == 3


def test_a_market_that_was_never_asked_is_new():
    (found,) = prospects([VES], {}, 250)
    assert (found.is_new, found.requests, found.gain, found.complete_at) == (True, 1, 0.0, None)


def test_without_a_look_every_book_changes_as_is_usual(epoch):
    (found,) = prospects([VES], {VES: seen(epoch, 100)}, 250)
    assert found.gain == pytest.approx(100 * USUAL_RATE)


def test_an_empty_market_gains_nothing(epoch):
    known = {VES: seen(epoch, 0, changes=5, watched=600), BOB: seen(epoch, 100)}
    assert prospects([VES], known, 250)[0].gain == 0


def test_the_more_was_watched_the_more_a_market_is_believed(epoch):
    """Both changed at ten times the common rate; of the small one little was seen."""
    rest = {
        Market(f"A{n}", "VES", Side.SELL): seen(epoch, 100, changes=3.5, watched=60_000)
        for n in range(1000)
    }
    known = rest | {
        VES: seen(epoch, 1000, changes=350, watched=600_000),
        BOB: seen(epoch, 2, changes=0.7, watched=1200),
    }
    large, small = prospects([VES, BOB], known, 250)
    assert large.gain / 1000 > 9 * USUAL_RATE
    assert small.gain / 2 < 1.5 * USUAL_RATE
