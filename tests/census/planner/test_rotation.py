"""Simulated days and weeks of batches, each with a window that does not hold the whole census."""

from collections import Counter

import pytest

DAY, WEEK = 144, 1008


def run(exchange, batches):
    for _ in range(batches):
        exchange.batch()
    return exchange


@pytest.mark.parametrize(("seed", "windows"), [(1, 1.2), (2, 2.7), (3, 4.0), (4, 4.0), (5, 3.3)])
def test_no_market_gets_older_than_an_hour_where_four_windows_hold_them_all(
    new_exchange, seed, windows
):
    exchange = run(new_exchange(seed, windows=windows), DAY)
    assert max(exchange.ages) <= 3600
    assert exchange.oldest() <= 3600
    assert len(exchange.known) == len(exchange.sizes)


def test_a_week_is_like_a_day(new_exchange):
    exchange = run(new_exchange(6, markets=60, windows=3.0), WEEK)
    assert max(exchange.ages) <= 3600


def test_it_holds_although_a_batch_is_lost_now_and_then(new_exchange):
    exchange = new_exchange(7, windows=3.5)
    for number in range(DAY):
        if number % 12 == 11:
            exchange.skip()
        exchange.batch()
    assert max(exchange.ages) <= 3600


@pytest.mark.parametrize("windows", [7.0, 12.0])
def test_beyond_the_budget_the_longest_unread_go_first(new_exchange, windows):
    """No market is left out: each is as old as all others let it be, and not twice as old."""
    exchange = run(new_exchange(8, windows=windows), DAY)
    assert 3600 < max(exchange.ages) <= (windows + 2) * 600 * 1.1
    assert len(exchange.known) == len(exchange.sizes)
    counts = Counter(market for batch in exchange.read[-48:] for market in batch)
    assert min(counts[market] for market in exchange.sizes) >= 48 // windows - 2


def test_hot_markets_are_read_every_batch_and_cold_ones_by_turns(new_exchange):
    exchange = run(new_exchange(9, windows=2.0), 3 * 24)
    counts = Counter(market for batch in exchange.read[-24:] for market in batch)
    gain = {
        each: exchange.rates[each] * size / exchange.requests(each)
        for each, size in exchange.sizes.items()
    }
    hot = [market for market in exchange.sizes if counts[market] >= 23]
    cold = [market for market in exchange.sizes if counts[market] < 12]
    assert sum(map(exchange.requests, hot)) > 0.2 * exchange.holds
    assert len(cold) > 100
    assert min(gain[market] for market in hot) > sum(gain[m] for m in cold) / len(cold)
    assert all(counts[market] >= 5 for market in cold)  # every fourth, or more often
    assert not [market for market in hot if not exchange.sizes[market]]


def test_in_the_steady_state_the_plan_is_kept_and_the_window_used(new_exchange):
    exchange = run(new_exchange(10, windows=3.0), 48)
    for plan, read in list(zip(exchange.plans, exchange.read, strict=True))[12:]:
        assert set(plan.firm) <= set(read)
        used = sum(exchange.requests(market) for market in read)
        assert used >= 0.95 * exchange.holds
        assert plan.needs == sum(map(exchange.requests, exchange.sizes))


def test_where_the_window_holds_all_nothing_is_deferred(new_exchange):
    exchange = run(new_exchange(11, windows=0.5), 12)
    assert all(len(read) == len(exchange.sizes) for read in exchange.read)
    assert not any(plan.deferred for plan in exchange.plans[1:])


def test_crawls_of_fewer_markets_in_between_change_nothing_for_the_others(new_exchange):
    exchange = new_exchange(12, windows=3.0)
    few = list(exchange.sizes)[:6]
    for number in range(DAY):
        if number % 3 == 2:
            now = exchange.now
            exchange.batch(few)
            exchange.now = now
        exchange.batch()
    assert max(exchange.ages) <= 3600
    assert len(exchange.known) == len(exchange.sizes)


def test_from_a_census_that_was_read_all_at_once_the_turns_spread(new_exchange):
    """A census without a window leaves all markets equally old: they must not all wait at once."""
    exchange = new_exchange(13, windows=3.0)
    exchange.holds *= 4
    exchange.batch()
    exchange.holds //= 4
    run(exchange, 24)
    assert max(exchange.ages) <= 3600
    deferred = [len(plan.deferred) for plan in exchange.plans[8:]]
    assert max(deferred) - min(deferred) < len(exchange.sizes) / 2
