import logging
from datetime import UTC, datetime

import pytest

from cron.batches import PlainBatches, ScrapydBatches
from cron.slot import Slot
from p2p_scrapy.lake.paths import BatchPaths

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SLOT = Slot(NOON)


class OneScrapyd:
    """Has these jobs, and notes what it is to start."""

    def __init__(self, **jobs):
        self._jobs = {"pending": [], "running": [], "finished": []} | jobs
        self.scheduled = []

    def jobs(self):
        return self._jobs

    def schedule(self, spider, job, settings):
        self.scheduled.append((spider, job, settings))


def job(name, spider="binance_p2p"):
    return {"id": name, "spider": spider}


def test_the_job_is_named_by_the_slot_and_has_a_window():
    scrapyd = OneScrapyd(finished=[job("binance_p2p-20261121T115000Z")])
    assert ScrapydBatches(scrapyd, 450.0).start(SLOT, NOON) == 0
    assert scrapyd.scheduled == [("binance_p2p", SLOT.job, {"P2P_WINDOW_SECONDS": "450"})]


@pytest.mark.parametrize("state", ["pending", "running"])
def test_nothing_is_started_while_a_batch_waits_or_runs(state, caplog):
    caplog.set_level(logging.INFO)
    scrapyd = OneScrapyd(**{state: [job("by hand")]})
    assert ScrapydBatches(scrapyd, 450.0).start(SLOT, NOON) == 0
    assert scrapyd.scheduled == []
    assert f"nothing started, by hand is {state}" in caplog.text


def test_nothing_is_started_where_the_slot_has_had_its_batch():
    scrapyd = OneScrapyd(finished=[job("other"), job(SLOT.job)])
    ScrapydBatches(scrapyd, 450.0).start(SLOT, NOON)
    assert scrapyd.scheduled == []


def test_another_spider_does_not_hinder_a_batch():
    scrapyd = OneScrapyd(running=[job("deployed-1", spider="deployed")])
    ScrapydBatches(scrapyd, 450.0).start(SLOT, NOON)
    assert len(scrapyd.scheduled) == 1


def test_a_plain_batch_is_not_taken_twice_in_a_slot(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    manifest = BatchPaths(tmp_path, NOON.replace(second=2)).manifest
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    assert PlainBatches(tmp_path, 450.0).start(SLOT, NOON.replace(second=30)) == 0
    assert "nothing started, it has batch_20261121_120002.json" in caplog.text
