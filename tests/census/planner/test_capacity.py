"""What lanes can ask in a window, against what a window of 60 s lets through request by request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census.planner.capacity import requests_until

NOW = 1000.0


def lane(budget, settled=(), out=0, pause=0.0):
    made = Lane("direct", budget, 1, budget)
    made.window.remember([NOW - age for age in sorted(settled, reverse=True)])
    made.window.reserve(out)
    made.pause_until(NOW + pause)
    return made


def possible(lane, seconds):
    """Ask as often as the lane lets us, each answer coming at once."""
    now, asked = NOW, 0
    for _ in range(lane.window.out):
        lane.window.settle(now)
    while True:
        ready = lane.ready_at(1, now)
        now = max(now, ready)
        if now >= NOW + seconds:
            return asked
        lane.pay(1)
        lane.window.settle(now)
        asked += 1


@pytest.mark.parametrize(
    ("seconds", "budgets"), [(450, 8), (225, 4), (59, 1), (68, 2), (67, 1), (1, 1), (0, 1)]
)
def test_a_fresh_window_holds_a_budget_now_and_one_for_each_turn(seconds, budgets):
    assert requests_until(NOW + seconds, [lane(100)], NOW) == 100 * budgets


def test_nothing_can_be_asked_after_the_end():
    assert requests_until(NOW - 1, [lane(100)], NOW) == 0


def test_what_was_asked_a_moment_ago_can_be_asked_again_a_minute_later():
    spent = lane(3, settled=[50, 40, 1])
    assert requests_until(NOW + 9, [spent], NOW) == 0
    assert requests_until(NOW + 30, [spent], NOW) == 2
    assert requests_until(NOW + 75, [spent], NOW) == 3


def test_what_is_on_its_way_counts_from_a_minute_after_now():
    assert requests_until(NOW + 67, [lane(3, out=2)], NOW) == 1
    assert requests_until(NOW + 68, [lane(3, out=2)], NOW) == 4


def test_a_pause_is_waited_out():
    assert requests_until(NOW + 450, [lane(100, pause=300)], NOW) == 300
    assert requests_until(NOW + 450, [lane(100, pause=600)], NOW) == 0


def test_lanes_add_up():
    assert requests_until(NOW + 450, [lane(100), lane(50, pause=300)], NOW) == 950


def test_a_budget_that_was_halved_while_more_was_out():
    less = lane(100, settled=[30] * 80, out=10)
    less.window.budget = 50
    assert requests_until(NOW + 60, [less], NOW) == 40


@given(
    budget=st.integers(1, 12),
    settled=st.lists(st.floats(0.001, 59.9), max_size=12),
    out=st.integers(0, 4),
    pause=st.floats(0, 200),
    seconds=st.floats(0, 700),
)
def test_no_more_is_promised_than_a_lane_can_pay(budget, settled, out, pause, seconds):
    promised = requests_until(NOW + seconds, [lane(budget, settled, out, pause)], NOW)
    most = possible(lane(budget, settled, out, pause), seconds + 1e-6)
    assert 0 <= promised <= most
    assert most <= budget * (seconds // 60 + 1)


@given(budget=st.integers(1, 8), seconds=st.floats(60, 700))
def test_no_more_than_a_turn_is_missed(budget, seconds):
    promised = requests_until(NOW + seconds, [lane(budget)], NOW)
    assert promised >= possible(lane(budget), seconds) - budget
