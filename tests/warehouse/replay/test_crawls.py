"""Real crawls of the bundled exchange, most of them killed while they load, against the replay."""

import signal
import time

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.warehouse.period import Period
from tests.warehouse.replay.content import BOOK, Reader, content, differences
from tests.warehouse.replay.plain.replay import Replay

OBSERVED = "SELECT extraction_timestamp, trade_type, offer_external_id, price FROM fact_offers"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
SESSIONS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend'"
)
WRITTEN = ("batch", "advertiser_day", "live", "book", "sweep", "quality")
"""What a load writes, from its beginning to its end."""
TROUBLES = ("bad-ads=0.2", "changing-total=0.1", "duplicate-rows=0.1", "null-data=0.03")


@pytest.fixture
def exchange():
    """Ten markets that change a fifth between two crawls."""
    with running_exchange(
        ExchangeOptions(markets=10, ads=500, churn=0.2, time_lapse=120, faults=TROUBLES)
    ) as running:
        yield running


@pytest.fixture
def crawl(scrapy_command, exchange, database):
    def start():
        return scrapy_command(
            *("crawl", "binance_p2p", "-s", f"P2P_BASE_URL={exchange.url}"),
            *("-s", "P2P_REQUESTS_PER_MINUTE=100000", "-s", "LOG_LEVEL=ERROR"),
            DATABASE_URL=database,
        )

    return start


def test_crawls_killed_while_they_load_are_loaded_by_the_next(
    crawl, database, tmp_path, loading_of, new_warehouse
):
    lake = tmp_path / "data"
    first = crawl()
    assert first.communicate()[1].count("Traceback") == 0
    with Reader(database) as holder, Reader(database) as reader:
        for table in WRITTEN:
            kill_at(f"warehouse.{table}", crawl, holder, reader)
            assert reader.run("SELECT count(*) FROM ops_batch_runs") == [(1,)]
        crawl().communicate()
        assert reader.run("SELECT count(*) FROM ops_batch_runs") == [(len(WRITTEN) + 2,)]
        verdicts = {verdict for (verdict,) in reader.run("SELECT verdict FROM sweeps")}
        assert {"complete", "partial"} <= verdicts
        replay = Replay(lake)
        for moment in replay.moments():
            assert reader.ask(f"{BOOK} offers_as_of(%s)", moment) == sorted(
                replay.book_at(moment, moment), key=repr
            )
        observed = sorted((row[2], row[5], row[0], row[8]) for row in replay.observations())
        assert sorted(reader.run(OBSERVED)) == observed
        assert len(observed) > 1000
    fresh = new_warehouse()
    with loading_of(fresh, lake) as warehouse:
        assert len(warehouse.repair(Period()).loaded) == len(WRITTEN) + 2
    assert differences(content(database), content(fresh)) == {}


def kill_at(table, crawl, holder, reader):
    """Hold a crawl's load up where it writes a table, and kill the crawl there."""
    holder.run("BEGIN")
    holder.run(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    process = crawl()
    wait_for(lambda: reader.run(WAITING, table) != [(0,)] or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    holder.run("ROLLBACK")
    wait_for(lambda: reader.run(SESSIONS) == [(2,)])  # the server has noticed


def wait_for(condition, seconds=60):
    """Wait for what another process does; a lock that is waited for tells nobody."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
