from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy.budget.window import Window


def test_an_idle_window_gives_its_whole_budget():
    window = Window(5)
    assert window.available(0.0) == 5
    assert window.free_at(5, 0.0) == 0.0


def test_what_is_reserved_is_gone_until_a_minute_after_its_answer():
    window = Window(2)
    window.reserve(2)
    assert window.available(1000.0) == 0
    window.settle(1000.0)
    window.settle(1010.0)
    assert window.available(1059.99) == 0
    assert window.available(1060.0) == 1
    assert window.available(1069.99) == 1
    assert window.available(1070.0) == 2


def test_what_never_left_is_given_back_at_once():
    window = Window(3)
    window.reserve(3)
    window.give_back(2)
    assert window.available(0.0) == 2


@pytest.mark.parametrize(
    ("count", "moment"), [(1, 8.0), (2, 61.0), (3, 62.0), (4, None), (9, None)]
)
def test_when_that_many_can_leave(count, moment):
    window = Window(4)
    window.reserve(3)  # one of them is still out, so four must wait for its answer
    window.settle(1.0)
    window.settle(2.0)
    assert window.free_at(count, 8.0) == moment


def test_more_than_the_budget_counts_as_the_budget():
    window = Window(2)
    window.reserve(2)
    window.settle(1.0)
    window.settle(3.0)
    assert window.free_at(9, 8.0) == 63.0


def most_in_a_minute(moments: list[float]) -> int:
    """The most of these moments that any 60 seconds hold, the last moment not included."""
    held: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        held.append(moment)
        while held[0] <= moment - 60:
            held.popleft()
        most = max(most, len(held))
    return most


TRIPS = st.tuples(
    st.integers(0, 40),  # seconds until it is tried
    st.integers(0, 90),  # seconds of its round trip
    st.fractions(0, 1),  # where on the trip the exchange counted it
)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 6), st.lists(TRIPS, max_size=60))
def test_no_minute_at_the_exchange_sees_more_than_the_budget(budget, trips):
    window = Window(budget)
    now, counted, settling = 0, [], []
    for pause, travel, where in trips:
        now += pause
        for moment in sorted(each for each in settling if each <= now):
            settling.remove(moment)
            window.settle(moment)
        if window.available(now) < 1:
            continue
        window.reserve(1)
        counted.append(now + travel * where)
        settling.append(now + travel)
    assert most_in_a_minute(counted) <= budget


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 8), st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_the_window_gives_all_that_it_may(budget, pauses):
    """With answers at once, every minute that is asked for to the full gets its whole budget."""
    window = Window(budget)
    now, left = 0, []
    for pause in pauses:
        now += pause
        free = window.available(now)
        assert free == budget - sum(moment > now - 60 for moment in left)
        window.reserve(free)
        for _ in range(free):
            window.settle(now)
            left.append(now)
    assert window.available(now + 60) == budget


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.lists(st.integers(0, 50), max_size=5),
    st.integers(0, 5),
)
def test_the_moment_that_is_told_is_the_first_that_holds(budget, count, answers, still_out):
    answers = sorted(answers)[:budget]
    still_out = min(still_out, budget - len(answers))
    window = Window(budget)
    window.reserve(len(answers) + still_out)
    for moment in answers:
        window.settle(moment)
    told = window.free_at(count, 50)
    wanted = min(count, budget)
    if told is None:
        assert budget - still_out < wanted
    else:
        assert (
            next(moment for moment in range(50, 112) if window.available(moment) >= wanted) == told
        )


def test_at_the_moment_that_is_told_it_is_free_whatever_the_fractions():
    too_early = []
    for thousandths in range(0, 3_000_000, 37):
        window = Window(1)
        window.reserve(1)
        window.settle(thousandths / 1000)
        told = window.free_at(1, thousandths / 1000)
        if window.available(told) < 1:
            too_early.append(told)
    assert too_early == []


def test_a_budget_that_shrinks_below_what_is_out_gives_nothing_until_enough_is_a_minute_old():
    window = Window(10)
    window.reserve(9)
    for moment in (1.0, 2.0, 3.0, 4.0, 5.0):
        window.settle(moment)
    window.budget = 4  # four are still out, and five count for a minute
    assert window.available(6.0) == -5
    assert window.free_at(1, 6.0) is None  # an answer has to come first
    window.settle(7.0)
    assert window.free_at(1, 8.0) == 67.0
    assert [window.available(moment) for moment in (64.9, 65.0, 67.0)] == [-1, 0, 1]


def test_a_budget_that_grows_gives_the_difference_at_once():
    window = Window(3)
    window.reserve(3)
    window.budget = 5
    assert window.available(0.0) == 2


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(0, 6)), max_size=60),
    st.integers(0, 40),
)
def test_whatever_becomes_of_the_budget_what_leaves_fits_into_the_one_of_that_moment(steps, travel):
    """Each step: a pause, a new budget, and how many want to leave; answers take ``travel``."""
    window = Window(1)
    now, left, coming = 0, [], deque()
    for pause, budget, wanted in steps:
        now += pause
        while coming and coming[0] <= now:
            window.settle(coming.popleft())
        window.budget = budget
        free = window.available(now)
        counted = sum(moment + travel > now - 60 for moment in left)
        assert free == budget - counted
        taken = max(min(free, wanted), 0)
        window.reserve(taken)
        left += [now] * taken
        coming += [now + travel] * taken
        assert not taken or sum(moment > now - 60 for moment in left) <= budget


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 8),
    st.integers(1, 8),
    st.lists(st.integers(0, 50), max_size=12),
    st.integers(1, 9),
)
def test_after_a_change_the_moment_that_is_told_is_the_first_that_holds(old, new, answers, count):
    answers = sorted(answers)[:old]
    window = Window(old)
    window.reserve(len(answers))
    for moment in answers:
        window.settle(moment)
    window.budget = new
    told, wanted = window.free_at(count, 50), min(count, new)
    assert told == next(each for each in range(50, 112) if window.available(each) >= wanted)
