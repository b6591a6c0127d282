"""A lane that is refused or fails: its pauses, its circuit, and how it is lost."""

import pytest

from p2p_scrapy.budget.lane import Lane
from tests.budget.answers import blocked, fail

NOW = 900.0


@pytest.fixture
def lane():
    return Lane("direct", 100)


def end_of_pause(lane, now):
    return lane.ready_at(1, now)


def test_a_new_lane_pays_its_whole_budget(lane):
    assert lane.can_pay(100, 0.0)
    assert not lane.can_pay(101, 0.0)
    assert lane.ready_at(100, 0.0) == 0.0
    lane.pay(99)
    assert lane.can_pay(1, 0.0)
    assert not lane.can_pay(2, 0.0)
    assert (lane.is_open, lane.is_lost, lane.pauses) == (False, False, 0)


def test_pauses_climb_the_ladder_and_stay_on_its_last_step(lane, caplog):
    now, lengths = 1000.0, []
    for _ in range(6):
        blocked(lane, now)
        lengths.append(end_of_pause(lane, now) - now)
        now += lengths[-1]
    assert lengths == [60.0, 120.0, 240.0, 480.0, 480.0, 480.0]
    assert lane.pauses == 6
    told = [each for each in caplog.messages if "pauses" in each]
    assert told == [f"Lane direct pauses for {length:.0f} s" for length in lengths]


def test_nothing_leaves_during_a_pause(lane):
    blocked(lane, 1000.0)
    assert (lane.is_paused(1059.9), lane.is_paused(1060.0)) == (True, False)
    assert not lane.can_pay(1, 1059.9)
    assert lane.ready_at(1, 1000.0) == 1060.0
    assert lane.can_pay(100, 1060.0)


def test_a_retry_after_goes_before_the_ladder_and_climbs_it(lane):
    blocked(lane, 1000.0, retry_after=7.0)
    assert end_of_pause(lane, 1000.0) == 1007.0
    blocked(lane, 1007.0)
    assert end_of_pause(lane, 1007.0) == 1127.0


def test_a_retry_after_of_nothing_is_no_pause(lane):
    blocked(lane, 1000.0, retry_after=0.0)
    assert lane.can_pay(1, 1000.0)


def test_answers_to_what_left_before_the_pause_climb_no_step(lane):
    blocked(lane, 1000.0, asked_at=999.0)
    for late in range(5):
        blocked(lane, 1001.0 + late, asked_at=999.5)
    assert (lane.pauses, end_of_pause(lane, 1005.0)) == (1, 1060.0)
    blocked(lane, 1060.0, asked_at=1060.0)
    assert (lane.pauses, end_of_pause(lane, 1060.0)) == (2, 1180.0)


def test_answers_to_what_left_before_the_pause_lengthen_it_by_their_retry_after(lane):
    blocked(lane, 1000.0, asked_at=999.0)
    blocked(lane, 1010.0, asked_at=999.0, retry_after=20.0)
    assert end_of_pause(lane, 1010.0) == 1060.0
    blocked(lane, 1020.0, asked_at=999.0, retry_after=90.0)
    assert end_of_pause(lane, 1020.0) == 1110.0
    assert lane.pauses == 1


def test_failures_that_do_not_block_pause_nothing_before_the_tenth(lane):
    fail(lane, 1000.0, times=9)
    assert (lane.is_open, lane.pauses) == (False, 0)
    assert lane.can_pay(100, 1000.0)
    fail(lane, 1001.0)
    assert (lane.is_open, lane.pauses, end_of_pause(lane, 1001.0)) == (True, 1, 1061.0)


def test_a_success_begins_the_count_anew(lane):
    fail(lane, 1000.0, times=9)
    lane.succeeded(NOW)
    fail(lane, 1001.0, times=9)
    assert (lane.is_open, lane.failures_running) == (False, 9)


def test_an_open_circuit_lets_one_probe_leave_after_the_pause(lane):
    fail(lane, 1000.0, times=10)
    assert not lane.can_pay(1, 1059.0)
    assert lane.ready_at(50, 1000.0) == 1060.0
    assert lane.can_pay(50, 1060.0)
    lane.pay(1)
    assert not lane.can_pay(1, 1060.0)
    assert lane.ready_at(1, 1060.0) is None


def test_the_success_of_the_probe_closes_the_circuit(lane, caplog):
    caplog.set_level("INFO")
    fail(lane, 1000.0, times=10)
    lane.pay(1)
    lane.window.settle(1061.0)
    lane.succeeded(NOW)
    assert (lane.is_open, lane.failures_running) == (False, 0)
    assert lane.can_pay(99, 1061.0)
    assert caplog.messages[-1] == "Lane direct answers again"


def test_each_lost_probe_pauses_and_the_third_loses_the_lane(lane):
    fail(lane, 1000.0, times=10)
    now, lengths, lost = 1060.0, [], []
    for _ in range(3):
        lane.pay(1)
        fail(lane, now)
        lane.window.settle(now)
        lengths.append(end_of_pause(lane, now) - now)
        now += lengths[-1]
        lost.append(lane.is_lost)
    assert lengths == [120.0, 240.0, 480.0]
    assert lost == [False, False, True]


def test_a_success_between_forgets_lost_probes(lane):
    fail(lane, 1000.0, times=10)
    for now in (1060.0, 1180.0):
        lane.pay(1)
        fail(lane, now)
    lane.succeeded(NOW)
    fail(lane, 5000.0, times=10)
    for now in (6000.0, 7000.0):
        lane.pay(1)
        fail(lane, now)
    assert not lane.is_lost
    lane.pay(1)
    fail(lane, 8000.0)
    assert lane.is_lost


def test_blocks_count_towards_the_circuit(lane):
    for _ in range(10):
        blocked(lane, 1000.0, asked_at=999.0)
    assert lane.is_open
    assert lane.pauses == 1


def test_a_failure_of_what_left_before_the_probe_is_no_lost_probe(lane):
    for _ in range(10):
        blocked(lane, 1000.0, asked_at=999.0, retry_after=0.0)
    for _ in range(3):
        lane.pay(1)
        blocked(lane, 1000.5, asked_at=999.0, retry_after=0.0)
    assert not lane.is_lost
