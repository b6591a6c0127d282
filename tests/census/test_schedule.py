import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy.census.schedule import Schedule

SECOND = timedelta(seconds=1)


@pytest.fixture
def schedule(epoch):
    """A schedule of ten minutes whose last completed batch started so many seconds ago."""

    def build(ago=None):
        last = None if ago is None else epoch - ago * SECOND
        return Schedule(600, epoch, last, random.Random(1))

    return build


@pytest.mark.parametrize(
    ("ago", "starts_in"),
    [
        (None, 0),  # no batch was ever completed
        (200, 400),  # a restart waits for the rest of the interval
        (1, 599),
        (0, 600),
        (600, 0),
        (10_000, 0),
        (-50, 0),  # a checkpoint of the future is not waited for
    ],
)
def test_the_first_start(schedule, epoch, ago, starts_in):
    assert schedule(ago).start == epoch + starts_in * SECOND


def test_slots_are_an_interval_apart_start_to_start_with_a_tenth_of_jitter(schedule, epoch):
    slots = schedule()
    shifts = []
    for number in range(1, 200):
        assert slots.advance(slots.start) == 0
        shift = (slots.start - epoch) / SECOND - 600 * number
        assert -60 <= shift <= 60
        shifts.append(shift)
    assert min(shifts) < -50 < 50 < max(shifts)


def test_slots_that_are_past_are_skipped_and_counted(schedule, epoch):
    slots = schedule()
    assert slots.advance(epoch + 1900 * SECOND) == 3
    assert epoch + 1900 * SECOND <= slots.start <= epoch + 2460 * SECOND


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.floats(0, 5000), max_size=10))
def test_the_next_start_is_never_past(epoch, seed, durations):
    slots = Schedule(600, epoch, None, random.Random(seed))
    now = epoch
    for seconds in durations:
        now = max(now, slots.start) + seconds * SECOND
        slots.advance(now)
        assert slots.start >= now
        assert slots.start - now <= 720 * SECOND


@pytest.mark.parametrize(("late", "is_too_late"), [(0, False), (120, False), (120.001, True)])
def test_a_start_more_than_two_minutes_late_is_too_late(schedule, epoch, late, is_too_late):
    assert schedule().is_too_late(epoch + late * SECOND) is is_too_late
