import pytest

from p2p_scrapy.budget.lane import Lane

NOW = 900.0


@pytest.fixture
def lane():
    return Lane("direct", 100)


def blocked(lane, now, *, asked_at=None, retry_after=None):
    lane.failed(now, now if asked_at is None else asked_at, blocked=True, retry_after=retry_after)


def fail(lane, now, times=1):
    """Failures that do not block, each asked and answered at that moment."""
    for _ in range(times):
        lane.failed(now, now, blocked=False)


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


@pytest.fixture
def adapting():
    return Lane("direct", 100, 10, 200)


def serve(lane, now, count):
    """So many good answers, each asked and answered at that moment."""
    for _ in range(count):
        lane.pay(1)
        lane.window.settle(now)
        lane.succeeded(now)


def refuse(lane, now, count=1, *, asked_at=None, retry_after=None):
    for _ in range(count):
        lane.pay(1)
        lane.window.settle(now)
        blocked(lane, now, asked_at=asked_at, retry_after=retry_after)


def test_a_lane_without_bounds_keeps_its_budget(lane):
    serve(lane, 0.0, 100)
    refuse(lane, 10.0)
    assert (lane.window.budget, lane.lowest) == (100, 100)


def test_a_pause_halves_the_budget_once_however_many_answers_refuse(adapting):
    refuse(adapting, 1000.0, 8, asked_at=999.0)
    assert adapting.window.budget == 50
    refuse(adapting, 1070.0, 1, asked_at=1060.0)
    assert (adapting.window.budget, adapting.lowest, adapting.start) == (25, 25, 100)


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
