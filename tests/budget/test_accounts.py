"""What one run leaves for the next: in a folder of its own, by clocks that the test moves."""

import pytest

from p2p_scrapy.budget.allowance import Failing

DAY = 86_400


@pytest.fixture
def spent(run):
    """A run that was answered 70, 20 and 10 s before it ended."""
    first = run(-70)
    first.ask(1)
    first.clock.pass_by(50)
    first.ask(1)
    first.clock.pass_by(10)
    first.ask(1)
    first.clock.pass_by(10)
    first.end()
    return run


def test_the_last_minute_of_a_run_counts_in_the_next(spent):
    later = spent(5)
    assert later.spent() == 2
    later.clock.pass_by(34.9)
    assert later.spent() == 2
    later.clock.pass_by(0.1)
    assert later.spent() == 1
    later.clock.pass_by(10)
    assert later.spent() == 0


def test_a_minute_later_nothing_counts(spent):
    assert spent(60).spent() == 0


@pytest.mark.parametrize("other", [{"exchange": "http://127.0.0.1:9"}, {"name": "proxy:3128"}])
def test_another_exchange_or_lane_has_an_account_of_its_own(spent, other):
    other_one = spent(5, **other)
    assert other_one.spent() == 0
    other_one.end()
    assert spent(6).spent() == 2


def test_a_clock_that_was_put_back_costs_nothing(spent):
    assert spent(-3600).spent() == 0


@pytest.mark.parametrize("content", [b"{not json", b'{"lanes": 7}', b"\xff"])
def test_a_corrupt_file_is_begun_anew(run, tmp_path, content, caplog):
    (tmp_path / "budget.json").write_bytes(content)
    assert run().spent() == 0
    assert "is begun anew" in caplog.text


def test_a_pause_goes_on(run):
    first = run()
    first.refuse(retry_after=3600.0)
    first.end(was_good=False)
    later = run(600)
    assert later.lane.is_paused(later.clock.at + 2999)
    assert not later.lane.is_paused(later.clock.at + 3000)
    assert not run(3600).lane.is_paused(0.0)


def test_a_budget_goes_on_and_with_it_the_rate_that_failed(run):
    first = run()
    first.ask(100)
    first.refuse()
    first.end(was_good=False)
    later = run(700)
    assert later.lane.window.budget == later.lane.start == 55
    failing = later.lane.allowance.failing
    assert (failing.rate, failing.times) == (101, 1)
    assert failing.at == pytest.approx(later.clock.at - 700)


def test_another_setting_goes_before_the_budget_and_not_before_the_rate_that_failed(run):
    first = run()
    first.ask(100)
    first.refuse()
    first.end(was_good=False)
    later = run(700, budget=40)
    assert later.lane.window.budget == 40
    assert later.lane.allowance.failing.rate == 101


def test_a_day_later_the_budget_begins_as_set_and_the_ladder_at_its_foot(run):
    first = run()
    first.refuse()
    first.end(was_good=False)
    assert (run(DAY - 1).lane.window.budget, run(DAY - 1).lane.rung) == (50, 1)
    assert (run(DAY).lane.window.budget, run(DAY).lane.rung) == (100, 0)


def test_a_rate_that_failed_in_the_future_failed_now(run):
    first = run(50)
    first.lane.resume(100.0, Failing(90, first.clock.at, 3))
    first.end()
    later = run(0)
    assert later.lane.allowance.failing == Failing(90, later.clock.at, 3)


def climb(run, after, **how):
    one = run(after)
    one.ask(1)
    one.refuse()
    one.end(**how)
    return one.lane.paused_until - one.clock.at


def test_the_ladder_goes_on_in_the_next_run(run):
    pauses = [climb(run, 1000 * number, was_good=False) for number in range(5)]
    assert pauses == [60.0, 120.0, 240.0, 480.0, 480.0]


def test_a_whole_good_batch_takes_the_lane_to_the_foot_of_the_ladder(run):
    assert [climb(run, 1000 * number, was_good=False) for number in range(2)] == [60.0, 120.0]
    good = run(5000)
    good.ask(10)
    good.end(was_good=True)
    assert climb(run, 6000, was_good=False) == 60.0


@pytest.mark.parametrize("spoiled_by", ["a pause", "not being whole", "not asking"])
def test_a_batch_that_is_not_whole_and_good_leaves_the_lane_on_its_rung(run, spoiled_by):
    climb(run, 0, was_good=False)
    batch = run(1000)
    if spoiled_by != "not asking":
        batch.ask(10)
    if spoiled_by == "a pause":
        batch.refuse()
    batch.end(was_good=spoiled_by != "not being whole")
    assert climb(run, 2000, was_good=False) == (240.0 if spoiled_by == "a pause" else 120.0)
