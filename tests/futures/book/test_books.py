"""Synchronising, by hand: what fits, what is stale, what is broken, and what is asked for when."""

from decimal import Decimal

import pytest

from items.futures import BOOK_SCHEMA
from p2p_scrapy.futures.book import Books
from p2p_scrapy.futures.levels import MOST_LEVELS, SNAPSHOT_LEVELS

BIDS = [(100, 1), (99, 2), (98, 3)]
ASKS = [(101, 1), (102, 2), (103, 3)]
AT = 1_785_048_483_000_000


@pytest.fixture
def books():
    return Books(20, notes_each=True)


@pytest.fixture
def event(market):
    """A change that adds so many to the best bid as its number is."""
    return lambda final, previous, **more: market.Event(
        final, previous, more.pop("bids", [(100, final)]), more.pop("asks", []), **more
    )


def best_bids(books):
    rows = books.rows().to_pylist()
    return [(row["final_update_id"], int(row["bids"][0]["quantity"])) for row in rows]


def known(books):
    """The symbols whose book is known now; rows made before are done with."""
    books.rows()
    books.note()
    return [row["symbol"] for row in books.rows().to_pylist()]


def test_no_snapshot_is_asked_for_before_a_change_came(books, market, event):
    assert books.next_wanted() is None
    books.feed(market.diffs(event(10, 9)))
    assert books.next_wanted() == "BTCUSDT"
    assert books.next_wanted() is None
    assert known(books) == []


@pytest.mark.parametrize(
    ("last_id", "told"),
    [
        (8, [(8, 1), (10, 10), (20, 20), (30, 30)]),  # ends where the first change begins
        (9, [(9, 1), (10, 10), (20, 20), (30, 30)]),  # within the first change
        (10, [(10, 1), (20, 20), (30, 30)]),  # L == u: the change is in the snapshot
        (15, [(15, 1), (20, 20), (30, 30)]),
        (30, [(30, 1)]),  # ends where the next change will begin
        (33, [(33, 1)]),
    ],
)
def test_a_snapshot_is_continued_by_what_it_does_not_hold(books, market, event, last_id, told):
    books.feed(market.diffs(event(10, 8), event(20, 10), event(30, 20)))
    books.next_wanted()
    assert books.offer(market.snapshot(last_id, BIDS, ASKS), AT)
    assert books.feed(market.diffs(event(40, 30))) == []
    assert best_bids(books) == [*told, (40, 40)]
    assert known(books) == ["BTCUSDT"]


def test_a_snapshot_from_before_the_first_change_does_not_fit(books, market, event):
    books.feed(market.diffs(event(10, 8)))
    books.next_wanted()
    assert not books.offer(market.snapshot(7, BIDS, ASKS), AT)
    assert books.next_wanted() == "BTCUSDT"
    assert books.offer(market.snapshot(8, BIDS, ASKS), AT)
    assert best_bids(books) == [(8, 1), (10, 10)]


def test_a_snapshot_that_does_not_come_is_wanted_again(books, market, event):
    books.feed(market.diffs(event(10, 8)))
    books.next_wanted()
    books.give_up("BTCUSDT")
    assert books.next_wanted() == "BTCUSDT"


def test_only_the_last_changes_before_a_question_are_kept(books, market, event):
    numbers = range(10, 510, 10)
    books.feed(market.diffs(*(event(number, number - 10) for number in numbers)))
    books.next_wanted()
    assert not books.offer(market.snapshot(299, BIDS, ASKS), AT)
    books.next_wanted()
    assert books.offer(market.snapshot(300, BIDS, ASKS), AT)
    assert len(best_bids(books)) == 21


def test_all_changes_after_a_question_are_kept(books, market, event):
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.feed(market.diffs(*(event(number, number - 10) for number in range(20, 2000, 10))))
    assert books.offer(market.snapshot(5, BIDS, ASKS), AT)
    assert len(best_bids(books)) == 200


def test_who_waits_longest_is_asked_for_first(books, market, event):
    for symbol in ("A", "B", "C"):
        books.feed(market.diffs(event(10, 0), symbol=symbol))
    assert books.next_wanted() == "A"
    books.give_up("A")
    assert [books.next_wanted() for _ in range(4)] == ["B", "C", "A", None]


def test_a_broken_chain_is_said_and_synchronised_anew(books, market, event):
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.offer(market.snapshot(10, BIDS, ASKS), AT)
    books.rows()
    (broken,) = books.feed(market.diffs(event(20, 10), event(40, 30), event(50, 40)))
    assert (broken.symbol, broken.last_id, broken.next_previous_id) == ("BTCUSDT", 20, 30)
    assert broken.received_us - broken.last_received_us == 20_000
    assert best_bids(books) == [(20, 20)]
    assert known(books) == []
    assert books.next_wanted() == "BTCUSDT"
    assert books.offer(market.snapshot(42, BIDS, ASKS), AT)
    assert best_bids(books) == [(42, 1), (50, 50)]


def test_a_chain_that_breaks_while_a_snapshot_is_asked_for_is_said_too(books, market, event):
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    assert len(books.feed(market.diffs(event(30, 20)))) == 1
    assert not books.offer(market.snapshot(15, BIDS, ASKS), AT)
    books.next_wanted()
    assert books.offer(market.snapshot(25, BIDS, ASKS), AT)


def test_one_symbols_break_is_not_anothers(books, market, event):
    for symbol in ("A", "B"):
        books.feed(market.diffs(event(10, 0), symbol=symbol))
        books.next_wanted()
        books.offer(market.snapshot(10, BIDS, ASKS, symbol=symbol), AT)
    books.feed(market.diffs(event(30, 20), symbol="A"))
    assert known(books) == ["B"]


def test_what_came_before_is_passed_over(books, market, event):
    """Both connections of a hand-over tell the same, one of them later."""
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.offer(market.snapshot(10, BIDS, ASKS), AT)
    again = market.diffs(event(20, 10), event(10, 0), event(20, 10), event(30, 20), event(20, 10))
    assert books.feed(again) == []
    assert best_bids(books) == [(10, 1), (20, 20), (30, 30)]


def test_another_cut_of_the_same_updates_is_taken(books, market, event):
    """Quantities are absolute: the part of an event that is known already does no harm."""
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.offer(market.snapshot(10, BIDS, ASKS), AT)
    assert books.feed(market.diffs(event(20, 10), event(25, 15), event(35, 25))) == []
    assert best_bids(books) == [(10, 1), (20, 20), (25, 25), (35, 35)]


def test_numbers_that_begin_anew_break_the_chain(books, market, event):
    books.feed(market.diffs(event(1000, 900)))
    books.next_wanted()
    books.offer(market.snapshot(1000, BIDS, ASKS), AT)
    (broken,) = books.feed(market.diffs(event(5, 4, time_ms=5000)))
    assert (broken.last_id, broken.next_previous_id) == (1000, 4)
    assert books.next_wanted() == "BTCUSDT"


def test_rows_are_made_when_they_are_asked_for(market, event):
    books = Books(2, notes_each=False)
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.note()  # nothing is known yet
    books.offer(market.snapshot(5, BIDS, ASKS), AT)
    books.note()
    books.feed(market.diffs(event(20, 10), event(30, 20)))
    books.note()
    rows = books.rows()
    assert rows.schema.equals(BOOK_SCHEMA, check_metadata=True)
    first, second = rows.to_pylist()
    assert [level["price"] for level in first["bids"]] == [100, 99]
    assert [level["price"] for level in first["asks"]] == [101, 102]
    assert (first["final_update_id"], second["final_update_id"]) == (10, 30)
    assert (first["known_low"], first["known_high"]) == (None, None)
    assert books.rows().num_rows == 0


def test_a_book_that_runs_out_of_what_is_known_asks_for_more_and_goes_on(books, market, event):
    asks = [(20_000 + step, 1) for step in range(SNAPSHOT_LEVELS)]
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.offer(market.snapshot(10, BIDS, asks), AT)
    gone = [(price, 0) for price, _ in asks[:960]]
    books.feed(market.diffs(event(20, 10, asks=gone)))
    assert books.next_wanted() is None  # 40 levels are left, twice what the rows show
    beyond = [(20_960, 0), (30_000, 7)]
    books.feed(market.diffs(event(30, 20, asks=beyond)))
    assert books.next_wanted() == "BTCUSDT"
    books.feed(market.diffs(event(40, 30)))
    row = books.rows().to_pylist()[-1]
    assert row["final_update_id"] == 40
    assert [level["price"] for level in row["asks"]] == list(range(20_961, 20_981))
    assert row["known_high"] == Decimal(20_999)
    more = [(20_961 + step, 1) for step in range(SNAPSHOT_LEVELS)]
    assert books.offer(market.snapshot(35, BIDS, more), AT)
    assert books.next_wanted() is None
    assert books.rows().to_pylist()[-1]["known_high"] == Decimal(21_960)


def test_a_fresh_snapshot_that_does_not_fit_leaves_the_old_book(books, market, event):
    asks = [(20_000 + step, 1) for step in range(SNAPSHOT_LEVELS)]
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    books.offer(market.snapshot(10, BIDS, asks), AT)
    gone = [(price, 0) for price, _ in asks[:990]]
    books.feed(market.diffs(event(20, 10, asks=gone)))
    assert books.next_wanted() == "BTCUSDT"
    assert not books.offer(market.snapshot(5, BIDS, asks), AT)
    assert known(books) == ["BTCUSDT"]
    assert books.next_wanted() == "BTCUSDT"


def test_the_most_levels_do_not_ask_for_snapshots_without_end(market, event):
    books = Books(MOST_LEVELS, notes_each=False)
    books.feed(market.diffs(event(10, 0)))
    books.next_wanted()
    asks = [(20_000 + step, 1) for step in range(SNAPSHOT_LEVELS)]
    books.offer(market.snapshot(10, BIDS, asks), AT)
    books.feed(market.diffs(event(20, 10, asks=[(price, 0) for price, _ in asks[:400]])))
    assert books.next_wanted() is None
