import logging
from datetime import timedelta

import pytest

from cron.call import call
from cron.turn import turn
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.scrapyd_api import ScrapydError


class NotedBatches:
    def __init__(self, trouble=None):
        self.started = []
        self._trouble = trouble

    def start(self, slot, now):
        assert now >= slot.start
        if self._trouble:
            raise self._trouble
        self.started.append(slot.job)
        return 0


@pytest.fixture
def make_call(config, clock, alerts):
    return lambda batches: call(config, batches, clock, alerts)


def test_the_batch_of_the_slot_is_started(make_call, alerts):
    batches = NotedBatches()
    assert make_call(batches) == 0
    assert batches.started == ["binance_p2p-20261121T120000Z"]
    assert alerts.ended == ["scrapyd_away"]
    assert alerts.called == []


def test_a_late_call_starts_nothing_and_says_so(make_call, clock, caplog):
    clock.moment += timedelta(seconds=121)
    batches = NotedBatches()
    assert make_call(batches) == 0
    assert batches.started == []
    assert "Slot 2026-11-21 12:00:00: nothing started, it is 121 s past" in caplog.text


def test_a_call_beside_another_one_starts_nothing(make_call, config, caplog):
    caplog.set_level(logging.INFO)
    batches = NotedBatches()
    with turn(config.data_dir):
        assert make_call(batches) == 0
    assert batches.started == []
    assert "an earlier call is still at work" in caplog.text
    assert make_call(batches) == 0
    assert len(batches.started) == 1


def test_a_scrapyd_that_is_away_raises_the_alarm(make_call, alerts, caplog):
    assert make_call(NotedBatches(ScrapydError("it does not answer"))) == 1
    assert alerts.called == [("scrapyd_away", "it does not answer")]
    assert alerts.ended == []
    assert "nothing started: it does not answer" in caplog.text


@pytest.mark.parametrize(("minutes", "raised"), [(30, False), (31, True)])
def test_three_intervals_without_a_completed_batch_raise_the_alarm(
    make_call, config, clock, alerts, minutes, raised
):
    checkpoint = Checkpoint()
    checkpoint.completed(clock.moment - timedelta(minutes=minutes), 1, 1)
    checkpoint.save(config.data_dir)
    batches = NotedBatches()
    make_call(batches)
    assert [kind for kind, _ in alerts.called] == ["no_completed_batch"] * raised
    assert all("the last one began at 2026-11-21 11:29:00 UTC" in text for _, text in alerts.called)
    assert len(batches.started) == 1


def test_a_folder_that_never_has_one_raises_it_too(make_call, clock, alerts):
    for _ in range(4):
        make_call(NotedBatches())
        clock.moment += timedelta(minutes=10)
    assert alerts.called == []
    make_call(NotedBatches())
    ((kind, error),) = alerts.called
    assert kind == "no_completed_batch"
    assert error.endswith("there never was one")
