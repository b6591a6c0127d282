from datetime import UTC, datetime, timedelta

import pytest

from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.budget.memory import BudgetMemory

NOW = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
EXCHANGE = "https://p2p.binance.com"


@pytest.fixture
def spent(tmp_path):
    """A lane of three that was answered 70, 20 and 10 s before the run ended at second 500."""
    lane = Lane("direct", 3)
    lane.pay(3)
    for moment in (430.0, 480.0, 490.0):
        lane.window.settle(moment)
    memory = BudgetMemory()
    memory.note(lane, EXCHANGE, NOW, 500.0)
    memory.save(tmp_path)
    return tmp_path


def reminded(folder, after, exchange=EXCHANGE, name="direct"):
    lane = Lane(name, 3)
    BudgetMemory.load(folder).remind(lane, exchange, NOW + timedelta(seconds=after), 9000.0)
    return lane


def test_the_last_minute_of_a_run_counts_in_the_next(spent):
    lane = reminded(spent, 5)
    assert lane.window.available(9000.0) == 1
    assert lane.window.free_at(2, 9000.0) == 9000.0 + 60 - 25
    assert lane.window.available(9035.0) == 2
    assert lane.window.available(9045.0) == 3


def test_a_minute_later_nothing_counts(spent):
    assert reminded(spent, 60).window.available(9000.0) == 3


@pytest.mark.parametrize(("exchange", "name"), [("http://127.0.0.1:9", "direct"), (EXCHANGE, "b")])
def test_another_exchange_or_lane_has_a_budget_of_its_own(spent, exchange, name):
    assert reminded(spent, 5, exchange, name).window.available(9000.0) == 3


def test_a_pause_goes_on(tmp_path):
    lane = Lane("direct", 3)
    lane.failed(500.0, 499.0, blocked=True, retry_after=3600.0)
    memory = BudgetMemory()
    memory.note(lane, EXCHANGE, NOW, 500.0)
    memory.save(tmp_path)
    later = reminded(tmp_path, 600)
    assert later.is_paused(9000.0 + 2999)
    assert not later.is_paused(9000.0 + 3000)
    assert not reminded(tmp_path, 3600).is_paused(9000.0)


@pytest.mark.parametrize("content", [b"{not json", b'{"lanes": 7}', b"\xff"])
def test_a_corrupt_memory_is_begun_anew(tmp_path, content, caplog):
    (tmp_path / "budget.json").write_bytes(content)
    assert BudgetMemory.load(tmp_path) == BudgetMemory()
    assert "is begun anew" in caplog.text


def test_a_clock_that_was_put_back_costs_nothing(spent):
    assert reminded(spent, -3600).window.available(9000.0) == 3
