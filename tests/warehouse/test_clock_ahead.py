"""A batch whose clock was far ahead, where history is kept for days: nothing is lost unsaid."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from scrapy.settings import BaseSettings
from scrapy.signalmanager import SignalManager

from p2p_scrapy.census.scope import Scope
from p2p_scrapy.config import Config
from p2p_scrapy.warehouse.loader import loader
from p2p_scrapy.warehouse.period import EVER
from pipelines.postgres import PostgresPipeline

DAY = 1440
KEPT_DAYS = 2


class Clock:
    def now(self):
        return self.moment


@pytest.fixture
def crawl(database, tmp_path, make_batch, ad):
    """Close a batch, and load what waits as a crawl does; by default its clock is right."""
    settings = {
        "P2P_DATA_DIR": str(tmp_path / "data"),
        "P2P_RETENTION_DAYS": KEPT_DAYS,
        "DATABASE_URL": database,
    }
    called = []
    batch = SimpleNamespace(
        config=Config.from_settings(BaseSettings(settings)),
        scope=Scope(),
        clock=Clock(),
        alerts=SimpleNamespace(call=lambda *told: called.append(told)),
    )
    crawler = SimpleNamespace(spider=SimpleNamespace(batch=batch), signals=SignalManager())

    def run(moment):
        make_batch(moment, [ad("1", price=50.0 + moment.day)])
        batch.clock.moment = moment + timedelta(minutes=2)
        asyncio.run(PostgresPipeline.from_crawler(crawler).batch_closed(lambda: False))
        assert called == []

    return run


def test_history_and_what_comes_after_are_there(crawl, query, at, caplog):
    for day in range(3):
        crawl(at(day * DAY))
    crawl(at(400 * DAY))
    for day in range(3, 5):
        crawl(at(day * DAY))
    days = "SELECT DISTINCT batch_start_time::date - %s::date FROM market.ops_batch_runs ORDER BY 1"
    assert [day for (day,) in query(days, at())] == [0, 1, 2, 3, 4, 400]
    book = "SELECT price::float FROM market.offers_as_of(%s)"
    assert query(book, at(2 * DAY + 60)) == [(57.0,)]
    assert "are not loaded" not in caplog.text


def test_what_is_from_before_the_history_that_is_kept_is_told(
    crawl, query, at, caplog, database, tmp_path, thresholds
):
    crawl(at())
    query("UPDATE warehouse.retention SET kept_since = %s", at(30 * DAY))
    crawl(at(DAY))
    crawl(at(2 * DAY))
    told = (
        "batches from {} on are not loaded: the warehouse keeps no history from before "
        "2026-07-05 12:00:00+00:00"
    )
    assert f"Warehouse: 2 {told.format('2026-06-06 12:00:00+00:00')}" in caplog.text
    with loader(database, tmp_path / "data", thresholds) as warehouse:
        for outcome in (warehouse.repair(EVER), warehouse.rebuild(EVER)):
            assert (outcome.loaded, outcome.damaged) == ([], [])
            assert outcome.left == [f"3 {told.format('2026-06-05 12:00:00+00:00')}"]
