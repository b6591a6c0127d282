"""What one run leaves for the next: in a folder of its own, by clocks that the test moves."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from p2p_scrapy.budget.accounts import Accounts
from p2p_scrapy.budget.allowance import Failing
from p2p_scrapy.budget.lane import Lane

NOW = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
EXCHANGE = "https://p2p.binance.com"
DAY = 86_400


class Clock:
    """Both clocks, where the test puts them; each run's monotonic one begins anew."""

    def __init__(self, after: float, monotonic: float) -> None:
        self.after = after
        self.at = monotonic

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.after)

    def monotonic(self) -> float:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.after += seconds
        self.at += seconds


class Run:
    """One run with one lane; it begins so many seconds after NOW."""

    def __init__(
        self, folder, after=0.0, *, exchange=EXCHANGE, name="direct", budget=100, most=200
    ):
        self.folder = folder
        self.clock = Clock(after, 9000.0 + 17 * after)
        self.lane = Lane(name, budget, 2, most)
        self.accounts = Accounts(folder, exchange, self.clock)
        self.accounts.open(self.lane)

    def ask(self, count, *, answers=None):
        """Pay for so many requests, of which so many are answered well at once."""
        self.lane.pay(count)
        for _ in range(count if answers is None else answers):
            self.lane.window.settle(self.clock.at)
            self.lane.succeeded(self.clock.at)

    def refuse(self, retry_after=None):
        self.lane.pay(1)
        self.lane.window.settle(self.clock.at)
        self.lane.failed(self.clock.at, self.clock.at, blocked=True, retry_after=retry_after)

    def spent(self):
        return self.lane.window.budget - self.lane.window.available(self.clock.at)

    def end(self, *, was_good=True):
        self.accounts.close(was_good=was_good)


@pytest.fixture
def run(tmp_path):
    return lambda *how, **more: Run(tmp_path, *how, **more)


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


def test_what_a_killed_run_had_asked_is_never_counted_too_low(run):
    """Kill it after each of its requests; the next run comes at once."""
    for kill_after in range(1, 101):
        first = run(200 * kill_after)
        for _ in range(kill_after):
            first.ask(1)
            first.clock.pass_by(0.25)
        counted = run(first.clock.after).spent()
        assert kill_after <= counted <= kill_after + first.lane.window.budget // 10 + 1


def test_requests_of_a_killed_run_that_were_on_the_wire_are_counted(run):
    first = run()
    first.ask(30, answers=4)
    assert run(3).spent() == 30 + 10


def test_what_a_killed_run_may_have_asked_counts_for_a_minute_from_the_next_start(run):
    run().ask(5)
    later = run(30)
    assert later.spent() == 5 + 10
    later.clock.pass_by(59)
    assert later.spent() == 5 + 10
    later.clock.pass_by(1)
    assert later.spent() == 0


def test_a_run_that_was_killed_long_ago_costs_nothing(run):
    run().ask(50, answers=0)
    assert run(119).spent() == 60
    assert run(120).spent() == 0


def test_a_claim_is_made_anew_before_it_could_be_forgotten(run):
    first = run()
    for _ in range(5):
        first.ask(1)
        first.clock.pass_by(61)
    assert run(first.clock.after - 30).spent() >= 1


def test_a_run_that_ended_leaves_no_claim(run):
    first = run()
    first.ask(7)
    first.end()
    assert run().spent() == 7


def test_the_file_is_written_before_the_request_leaves(run, tmp_path):
    first = run()
    assert not (tmp_path / "budget.json").exists()
    first.lane.pay(1)
    (account,) = json.loads((tmp_path / "budget.json").read_text())["lanes"].values()
    assert account["unanswered"] == 1 + 10


def test_the_file_is_written_once_in_a_tenth_of_the_budget(run, tmp_path):
    first, written = run(), set()
    for _ in range(100):
        first.ask(1)
        written.add((tmp_path / "budget.json").stat().st_ino)
        first.clock.pass_by(0.1)
    text = (tmp_path / "budget.json").read_text()
    assert len(json.loads(text)["lanes"]) == 1
    assert len(written) <= 11


def test_a_large_budget_claims_by_what_is_used(run):
    first = run(budget=100_000, most=100_000)
    for _ in range(30):
        first.ask(1)
    assert 30 <= run(budget=100_000, most=100_000).spent() <= 30 + 10 + 1
    for _ in range(4000):
        first.ask(1)
    assert 4030 <= run(budget=100_000, most=100_000).spent() <= 4030 * 1.25 + 1


def test_a_full_disk_stops_no_request(run, tmp_path, caplog):
    first = run()
    tmp_path.joinpath("budget.json").mkdir()
    first.ask(3)
    first.end()
    assert first.lane.window.out == 0
    assert "will not know of this one's last minute" in caplog.text


def test_a_run_that_is_killed_in_a_pause_leaves_it_with_its_ladder_and_budget(run):
    first = run()
    first.ask(60)
    first.refuse(retry_after=900.0)
    later = run(100)
    assert later.lane.paused_until - later.clock.at == 800.0
    assert (later.lane.rung, later.lane.window.budget) == (1, first.lane.window.budget)
    assert later.lane.allowance.failing.rate == 61
