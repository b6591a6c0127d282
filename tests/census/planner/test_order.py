from hypothesis import given
from hypothesis import strategies as st

from items import Market, Side
from p2p_scrapy.census.planner.order import by_pair, cost, in_minutes, largest_first
from p2p_scrapy.census.planner.prospect import Prospect

BIDS, ASKS = Side


def market(asset, side=Side.SELL, requests=1, gain=0.0):
    return Prospect(Market(asset, "VES", side), requests, gain, None, None)


def units(*sizes):
    return [[market(f"A{number}", requests=size)] for number, size in enumerate(sizes)]


def costs(order):
    return [cost(unit) for unit in order]


def test_the_markets_of_a_pair_stand_at_the_place_of_the_first():
    a, b, c, d = market("X", ASKS), market("Y", BIDS), market("X", BIDS), market("Z", ASKS)
    assert by_pair([a, b, c, d]) == [[a, c], [b], [d]]


def test_the_large_go_before_the_small_and_the_empty_last():
    two_sides = [market("X", BIDS, 2), market("X", ASKS, 2)]
    large, small, empty = [market("A", requests=5)], [market("B", gain=0.1)], [market("C")]
    order = largest_first([empty, small, two_sides, large])
    assert order == [large, two_sides, small, empty]


def test_the_next_that_fit_fill_what_a_large_one_leaves_of_a_minute():
    assert costs(in_minutes(units(70, 70, 70, 40, 5, 1, 1), 100)) == [70, 5, 1, 1, 70, 70, 40]
    assert costs(in_minutes(units(70, 25, 10, 70, 5, 1), 100)) == [70, 25, 5, 10, 70, 1]
    assert costs(in_minutes(units(70, 30, 70, 30), 100)) == [70, 30, 70, 30]


def test_a_book_larger_than_a_minute_has_a_place_too():
    assert costs(in_minutes(units(250, 3, 120, 2), 100)) == [250, 3, 2, 120]


def test_a_budget_that_holds_all_changes_nothing():
    assert costs(in_minutes(units(7, 9, 3), 1000)) == [7, 9, 3]
    assert in_minutes([], 100) == []


@given(st.lists(st.integers(1, 80), max_size=60), st.integers(1, 200))
def test_every_market_has_one_place_and_the_large_keep_their_order(sizes, budget):
    given_units = units(*sorted(sizes, reverse=True))
    order = in_minutes(given_units, budget)
    assert sorted(costs(order)) == sorted(sizes)
    assert len({unit[0].market for unit in order}) == len(sizes)
    assert order[:1] == given_units[:1]


@given(st.lists(st.integers(2, 70), min_size=1, max_size=40), st.integers(70, 200))
def test_no_minute_is_left_idle_while_there_are_small_books(sizes, budget):
    """However large the others are, small ones fill every minute to the last request."""
    small = [1] * (len(sizes) * 70)
    order = costs(in_minutes(units(*sorted(sizes, reverse=True), *small), budget))
    total = 0
    for size in order:
        left = -total % budget
        assert not left or size <= left
        total += size
