"""A batch begins, goes on and ends; it is counted once, whoever counts it."""

from datetime import timedelta

import pytest

from items import Deferral, Status
from p2p_scrapy.watch.metrics import course
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.tally import Tally


@pytest.fixture
def state():
    return State()


def end(state, record, now=None):
    tally = Tally()
    course.end(state, tally, record, now or record.ended_at)
    state.add(tally.series())


def begin(state, record):
    course.go_on(state, record.started_at, record.started_at + timedelta(seconds=15))


def statuses(state):
    every = ("running", *Status)
    return {each for each in every if state.get(metrics.BATCH_STATUS, each)}


def batches(state):
    return {each.value: state.get(metrics.BATCHES, each) or 0 for each in Status}


def test_a_running_batch(state, record):
    begin(state, record())
    assert statuses(state) == {"running"}
    assert state.get(metrics.BATCH_ELAPSED) == 15
    assert course.running_since(state) == record().started_at
    assert state.get(metrics.LAST_BATCH) is None
    assert all(state.get(metrics.BATCH_STATUS, status) == 0 for status in Status)


def test_the_status_of_the_last_one_stays_while_the_next_runs(state, record):
    begin(state, record())
    end(state, record(status=Status.PARTIAL))
    assert statuses(state) == {"partial"}
    assert state.get(metrics.BATCH_ELAPSED) == 100
    begin(state, record(10))
    assert statuses(state) == {"partial", "running"}
    end(state, record(10, seconds=200))
    assert statuses(state) == {"completed"}
    assert batches(state) == {"completed": 1, "partial": 1, "failed": 0}
    assert 'p2p_batch_duration_seconds_bucket{le="120.0"} 1.0' in state.render()
    assert "p2p_batch_duration_seconds_count 2.0" in state.render()


def test_when_the_last_and_the_last_completed_batch_ended(state, record):
    first, second = record(), record(10, status=Status.FAILED)
    end(state, first)
    end(state, second)
    assert state.get(metrics.LAST_BATCH) == second.ended_at.timestamp()
    assert state.get(metrics.LAST_COMPLETED) == first.ended_at.timestamp()


def test_what_the_last_batch_was_like(state, record):
    deferred = [Deferral("cold", 3, {}), Deferral("no_room", 2, {})]
    end(state, record(complete=5, partial=4, failed=3, unread=["a", "b"], deferred=deferred))
    verdicts = ("complete", "partial", "failed", "unread", "deferred")
    assert [state.get(metrics.MARKETS, each) for each in verdicts] == [5, 4, 3, 2, 5]
    assert state.get(metrics.COMPLETENESS) == 1.0
    assert state.get(metrics.COVERAGE) == 0.5
    end(state, record(10, completeness=None, coverage=None))
    assert state.get(metrics.COMPLETENESS) is None
    assert state.get(metrics.COVERAGE) is None


def test_a_batch_is_counted_once(state, record):
    for each in (record(), record(), record(10), record()):
        end(state, each, now=record(10).ended_at)
    assert batches(state)["completed"] == 2
    assert state.get(metrics.LAST_BATCH_START) == record(10).started_at.timestamp()


def test_a_batch_that_ends_late_does_not_end_the_one_that_runs(state, record):
    begin(state, record())
    begin(state, record(10))
    end(state, record())
    assert statuses(state) == {"completed", "running"}
    assert course.running_since(state) == record(10).started_at


def test_a_mark_of_the_future_does_not_stop_the_counting(state, record):
    future = record(60 * 24 * 365)
    end(state, future)
    end(state, future, now=record().ended_at)
    end(state, record())
    assert batches(state)["completed"] == 2


def test_alerts_stand_while_no_other_batch_has_ended(state, record):
    first = record(alerts=["blocked"])
    end(state, first)
    first.alerts.append("database_lost")
    course.alerts_are(state, first)
    assert state.get(metrics.ALERTS, "blocked") == state.get(metrics.ALERTS, "database_lost") == 1
    end(state, record(10))
    course.alerts_are(state, first)
    assert "p2p_alerts_standing{" not in state.render()


def test_batches_that_nobody_has_counted(state, record, in_lake, tmp_path):
    old, counted, killed, another = (in_lake(record(at)) for at in (0, 10, 20, 60 * 24))
    now = another.ended_at
    assert course.unheard(state, tmp_path, now) == []
    begin(state, counted)
    end(state, counted)
    begin(state, killed)
    assert course.unheard(state, tmp_path, now) == [killed, another]
    for each in course.unheard(state, tmp_path, now):
        end(state, each)
    assert course.unheard(state, tmp_path, now) == []
    assert batches(state)["completed"] == 3
    assert old.started_at < counted.started_at


def test_a_manifest_that_cannot_be_read_is_not_counted(state, record, in_lake, tmp_path, caplog):
    killed = in_lake(record())
    begin(state, killed)
    (path,) = tmp_path.glob("raw/batches/**/*.json")
    path.write_text("{")
    assert course.unheard(state, tmp_path, killed.ended_at) == []
    assert "its manifest cannot be read" in caplog.text
