import pytest

from p2p_scrapy.exchange.market import MarketKey

MARKET: MarketKey = ("VND", "USDT", "SELL")


def interval(asker, since, until, market="fiat=VND&asset=USDT&side=SELL"):
    return asker.get(f"/exchange/interval?{market}&since={since}&until={until}")


def numbers(asker):
    (book,) = (m for m in asker.exchange.book()["markets"] if m["side"] == "SELL")
    return set(book["natural"])


def played(told, until):
    """The book at a moment of an interval."""
    book = set(told["at_start"])
    for at, number, entered in told["changes"]:
        if at <= until:
            (book.add if entered else book.remove)(number)
    return book


@pytest.fixture
def asker(open_exchange, clock):
    return open_exchange(clock, markets=1, ads=200, churn=1.0)


def test_an_interval_tells_who_stood_there_and_who_came_and_went(asker, clock):
    books = {}
    start = clock.time
    for _ in range(5):
        books[clock.time] = numbers(asker)
        clock.time += 60
    assert len({frozenset(book) for book in books.values()}) == 5
    told = interval(asker, start, clock.time).json
    assert {at: played(told, at) for at in books} == books
    assert told == asker.exchange.between(MARKET, start, clock.time) | {
        "changes": [
            list(each) for each in asker.exchange.between(MARKET, start, clock.time)["changes"]
        ]
    }


def test_an_interval_of_the_past_leaves_out_what_came_after(asker, clock):
    start = clock.time
    clock.time += 60
    middle, there = clock.time, numbers(asker)
    clock.time += 60
    told = interval(asker, middle, middle).json
    assert (set(told["at_start"]), told["changes"]) == (there, [])
    assert all(at <= middle for at, _, _ in interval(asker, start, middle).json["changes"])


def test_what_cannot_be_told_is_said(asker, open_exchange, captures):
    unknown = interval(asker, 1, 2, "fiat=XXX&asset=USDT&side=SELL")
    assert (unknown.status, unknown.json) == (404, {"error": "no market XXX/USDT/SELL"})
    assert interval(asker, "x", 2).status == 400
    assert interval(open_exchange(replay=captures), 1, 2).status == 404


def test_answers_take_unlike_long_where_that_is_asked_for(open_exchange):
    exchange = open_exchange(latency=0.001, latency_spread=0.5).exchange._exchange
    drawn = [exchange.latency() for _ in range(100)]
    assert 0.001 <= min(drawn) < 0.1
    assert 0.4 < max(drawn) <= 0.501
