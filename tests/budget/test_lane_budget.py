"""A lane's budget, which adapts to what is refused and to what is answered well."""

import pytest

from p2p_scrapy.budget.lane import Lane
from tests.budget.answers import blocked, fail, refuse, serve


@pytest.fixture
def adapting():
    return Lane("direct", 100, 10, 200)


def test_a_lane_without_bounds_keeps_its_budget():
    lane = Lane("direct", 100)
    serve(lane, 0.0, 100)
    refuse(lane, 10.0)
    assert (lane.window.budget, lane.lowest) == (100, 100)


def test_a_pause_halves_the_budget_once_however_many_answers_refuse(adapting):
    refuse(adapting, 1000.0, 8, asked_at=999.0)
    assert adapting.window.budget == 50
    refuse(adapting, 1070.0, 1, asked_at=1060.0)
    assert (adapting.window.budget, adapting.lowest, adapting.start) == (25, 25, 100)


def test_what_says_nothing_of_the_exchange_pauses_and_spares_the_budget(adapting):
    adapting.failed(1000.0, 999.0, blocked=True, spares_budget=True)
    assert (adapting.is_paused(1059.0), adapting.window.budget) == (True, 100)


def test_late_refusals_of_a_pause_that_is_over_are_of_that_pause(adapting):
    refuse(adapting, 1000.0, asked_at=990.0, retry_after=1.0)
    refuse(adapting, 1005.0, 5, asked_at=999.9)
    assert (adapting.window.budget, adapting.pauses) == (50, 1)


def test_a_refused_probe_halves_the_budget_like_any_other(adapting):
    refuse(adapting, 1000.0, 10, asked_at=999.0)
    adapting.pay(1)
    adapting.window.settle(1061.0)
    blocked(adapting, 1061.0, asked_at=1060.0)
    assert (adapting.window.budget, adapting.is_open) == (25, True)


def test_failures_that_say_nothing_of_the_rate_pause_and_halve_nothing(adapting):
    fail(adapting, 1000.0, times=10)
    assert adapting.is_open
    adapting.pay(1)
    fail(adapting, 1060.0)
    assert (adapting.pauses, adapting.window.budget) == (2, 100)


def test_the_budget_stays_within_its_bounds(adapting):
    for pause in range(6):
        refuse(adapting, 1000.0 * (1 + pause))
    assert (adapting.window.budget, adapting.lowest) == (10, 10)
    for minute in range(400):
        serve(adapting, 10_000.0 + 60 * minute, adapting.window.budget)
    assert adapting.window.budget == 200


def test_good_answers_during_a_pause_let_nothing_grow(adapting):
    serve(adapting, 990.0, 50)
    refuse(adapting, 1000.0, asked_at=999.0)
    serve(adapting, 1001.0, 300)
    assert adapting.window.budget == 52


def test_the_rate_that_failed_is_what_had_passed_in_the_last_minute_and_one(adapting):
    serve(adapting, 900.0, 40)  # over a minute old at the refusal
    serve(adapting, 990.0, 60)
    refuse(adapting, 1000.0, 5, asked_at=999.0)
    assert (adapting.allowance.failing.rate, adapting.allowance.failing.at) == (61, 1000.0)


def test_answers_that_come_after_the_refusal_show_that_more_had_passed(adapting):
    serve(adapting, 990.0, 60)
    refuse(adapting, 1000.0, asked_at=999.0)
    serve(adapting, 1000.1, 7)
    refuse(adapting, 1000.2, asked_at=999.0)
    assert adapting.allowance.failing.rate == 68


def test_refused_requests_of_the_last_pause_do_not_count_as_passed(adapting):
    serve(adapting, 995.0, 100)
    refuse(adapting, 1000.0, 9, asked_at=999.0, retry_after=5.0)
    serve(adapting, 1054.0, 55)  # the 100 are nearly a minute old
    refuse(adapting, 1056.0, asked_at=1055.0)
    assert adapting.allowance.failing.rate == 56


def test_the_wait_for_a_smaller_budget_is_told_right(adapting):
    serve(adapting, 990.0, 40)
    serve(adapting, 995.0, 59)
    refuse(adapting, 1000.0, retry_after=1.0)
    assert adapting.window.available(1001.0) < 0
    moment = adapting.ready_at(1, 1001.0)
    assert not adapting.can_pay(1, moment - 0.01)
    assert adapting.can_pay(1, moment)
    assert moment == 1055.0  # 60 are left at 1050, and the budget is 54


def test_the_budget_is_resumed_within_bounds(adapting):
    adapting.resume(500.0, None)
    assert (adapting.window.budget, adapting.start, adapting.lowest) == (200, 200, 200)
    adapting.resume(2.5, None)
    assert adapting.window.budget == 10


def test_what_is_paid_is_told_before_it_leaves(adapting):
    told = []
    adapting.on_pay = lambda count: told.append((count, adapting.window.out))
    adapting.pay(3)
    adapting.pay(2)
    assert told == [(3, 3), (2, 5)]


def test_after_a_refusal_little_is_out_until_a_budget_of_good_answers_has_come(adapting):
    refuse(adapting, 1000.0)
    assert adapting.can_pay(50, 1060.0)  # a burst alone
    adapting.pay(3)
    assert adapting.can_pay(1, 1060.0)
    assert not adapting.can_pay(2, 1060.0)
    assert adapting.ready_at(2, 1060.0) is None
    for _ in range(3):
        adapting.window.settle(1061.0)
        adapting.succeeded(1061.0)
    serve(adapting, 1062.0, 46)
    adapting.pay(3)
    assert not adapting.can_pay(2, 1130.0)
    adapting.window.settle(1130.0)
    adapting.succeeded(1130.0)
    assert adapting.can_pay(10, 1130.0)
