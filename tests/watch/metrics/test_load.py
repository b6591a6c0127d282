"""A load of the warehouse in the metrics."""

import pytest

from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.load import Load
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.tally import Tally


@pytest.fixture
def state():
    return State()


def entered(state, load):
    tally = Tally()
    load.enter(state, tally)
    state.add(tally.series())
    return state


def test_each_batch_is_timed(state, tmp_path):
    moments = iter([10.0, 14.0, 15.0])
    load = Load(tmp_path, timer=lambda: next(moments))
    load.begin()
    load.add(None)
    load.add(None)
    text = entered(state, load).render()
    assert "p2p_database_write_duration_seconds_count 2.0" in text
    assert "p2p_database_write_duration_seconds_sum 5.0" in text


def test_failed_attempts_are_counted_and_the_batch_waits(state, tmp_path):
    state.set(metrics.WAITING, 2)
    load = Load(tmp_path, closed=1)
    for _ in range(4):
        load.fail()
    entered(state, load)
    assert state.get(metrics.WRITE_ERRORS) == 4
    assert state.get(metrics.LOAD_OK) == 0
    assert state.get(metrics.WAITING) == 3


def test_without_a_load_before_the_whole_lake_waits(state, tmp_path, record, in_lake):
    for minutes in (0, 10, 20):
        in_lake(record(minutes))
    load = Load(tmp_path, closed=1)
    load.fail()
    assert entered(state, load).get(metrics.WAITING) == 3


def test_where_another_process_loads_nothing_is_said_of_success(state, tmp_path):
    state.set(metrics.WAITING, 0)
    entered(state, Load(tmp_path, closed=1))
    assert state.get(metrics.LOAD_OK) is None
    assert state.get(metrics.WAITING) == 1
    assert state.get(metrics.WRITE_ERRORS) == 0
