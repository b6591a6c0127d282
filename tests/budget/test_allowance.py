import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy.budget.allowance import FIRST_HOLD, LONGEST_HOLD, Allowance, Failing

HOUR = 3600.0
DAY = 86_400.0


@pytest.fixture
def allowance():
    return Allowance(100, 10, 200)


def grow(allowance, answers, now=0.0):
    for _ in range(answers):
        allowance.grow(now)
    return allowance.per_minute


def test_it_begins_where_it_is_told(allowance):
    assert (allowance.per_minute, allowance.failing) == (100, None)


def test_a_hundred_good_answers_let_it_grow_by_a_tenth(allowance):
    assert [grow(allowance, 100) for _ in range(3)] == [110, 121, 133]


def test_it_grows_with_each_answer_so_that_a_limit_is_passed_by_one_and_not_by_ten(allowance):
    steps = [grow(allowance, 1) for _ in range(800)]
    assert {after - before for before, after in pairwise(steps)} == {0, 1}
    assert steps[-1] == 200


def test_a_refusal_halves_it(allowance):
    allowance.halve(0.0, 0)
    assert allowance.per_minute == 50
    allowance.halve(0.0, 0)
    assert allowance.per_minute == 25
    for _ in range(3):
        allowance.halve(0.0, 0)
    assert allowance.per_minute == 10


def test_near_the_failing_rate_it_grows_by_a_tenth_of_that(allowance):
    allowance.resume(91.0, Failing(100, -DAY))
    grow(allowance, 100)
    assert allowance.exact == pytest.approx(91.91)


def test_not_near_it_it_grows_as_ever(allowance):
    allowance.resume(80.0, Failing(100, -DAY))
    grow(allowance, 100)
    assert allowance.exact == pytest.approx(88.0)


def test_it_stays_below_the_failing_rate_while_that_holds(allowance):
    allowance.resume(95.0, Failing(100, 0.0))
    assert grow(allowance, 5000, now=FIRST_HOLD - 1) == 99
    assert grow(allowance, 1, now=FIRST_HOLD) == 100
    assert grow(allowance, 800, now=FIRST_HOLD) == 200


@pytest.mark.parametrize(
    ("times", "hold"),
    [(1, 600.0), (2, 1200.0), (3, 2400.0), (8, 76_800.0), (9, LONGEST_HOLD), (5000, LONGEST_HOLD)],
)
def test_a_rate_that_fails_again_holds_twice_as_long(times, hold):
    failing = Failing(100, 1000.0, times)
    assert failing.holds(1000.0 + hold - 1)
    assert not failing.holds(1000.0 + hold)


def test_a_rate_that_is_like_the_last_is_the_same_limit(allowance):
    for refusal, passed in enumerate((100, 95, 104, 60), start=1):
        allowance.resume(100.0, allowance.failing)
        allowance.halve(float(refusal), passed)
    # 60 is another limit
    assert allowance.failing == Failing(61, 4.0, 1)


def test_the_count_of_failures_of_one_limit(allowance):
    counts = []
    for _ in range(3):
        allowance.resume(100.0, allowance.failing)
        allowance.halve(0.0, 99)
        counts.append((allowance.failing.rate, allowance.failing.times))
    assert counts == [(100, 1), (100, 2), (100, 3)]


def test_more_cannot_have_failed_than_was_allowed(allowance):
    allowance.halve(0.0, 500)
    assert allowance.failing.rate == 100


def test_a_refusal_far_below_the_budget_is_no_question_of_the_rate(allowance):
    allowance.resume(100.0, Failing(90, 0.0))
    allowance.halve(5.0, 3)
    assert allowance.failing == Failing(90, 0.0)
    assert allowance.per_minute == 50


def test_half_of_a_budget_that_is_more_than_what_passed_is_cut_to_that(allowance):
    allowance.resume(104.0, None)
    allowance.halve(0.0, 50)
    assert (allowance.per_minute, allowance.failing) == (50, Failing(51, 0.0))


def test_what_passed_after_the_refusal_raises_the_failing_rate_once_more(allowance):
    allowance.resume(104.0, None)
    allowance.halve(7.0, 47)
    assert allowance.failing == Failing(48, 7.0)
    allowance.passed_too()
    assert (allowance.failing, allowance.per_minute) == (Failing(49, 7.0), 48)
    for _ in range(90):
        allowance.passed_too()
    assert (allowance.failing, allowance.per_minute) == (Failing(104, 7.0), 52)


def test_a_good_answer_before_any_refusal_teaches_nothing(allowance):
    allowance.passed_too()
    assert (allowance.exact, allowance.failing) == (100.0, None)


def test_a_limit_that_falls_to_a_quarter_is_met_twice_and_then_kept(allowance):
    allowance.halve(0.0, 99)  # the minute before, as much had passed as ever
    allowance.halve(70.0, 25)
    assert (allowance.per_minute, allowance.failing) == (25, Failing(26, 70.0))
    assert grow(allowance, 250, now=600.0) == 25


EVENTS = st.lists(
    st.tuples(st.sampled_from(["good", "late", "refused"]), st.integers(0, 300)), max_size=80
)


@settings(max_examples=300)
@given(st.integers(1, 50), st.integers(0, 100), st.integers(0, 200), EVENTS)
def test_it_never_leaves_its_bounds_and_a_refusal_never_lets_it_grow(least, start, most, events):
    start += least
    most += start
    allowance = Allowance(start, least, most)
    now = 0.0
    for kind, size in events:
        before = allowance.exact
        if kind == "refused":
            now += 60.0
            allowance.halve(now, size)
            assert allowance.exact <= max(before / 2, least)
        elif kind == "late":
            allowance.passed_too()
        else:
            now += size
            grow(allowance, size, now)
            assert allowance.exact >= before
            assert allowance.exact <= before * 1.1 ** (size / 100) * 1.000001
        assert least <= allowance.per_minute <= most
        assert math.isfinite(allowance.exact)
        if allowance.failing is not None:
            assert allowance.failing.rate <= most
