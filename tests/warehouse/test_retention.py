"""History that is dropped: whole days, and what is kept is still told rightly."""

from datetime import timedelta

import pytest

from p2p_scrapy.warehouse import retention
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.partitions import partitions
from p2p_scrapy.warehouse.retention import retire

DAYS = 6
OLD = [f"version_2026060{day}" for day in (5, 6, 7)]


@pytest.fixture
def history(load, make_batch, ad, at):
    """A batch a day at noon: ad 1 changes each day, ad 2 stands still, market two is read once."""
    for day in range(DAYS):
        ads = [ad("1", price=50.0 + day), ad("2")]
        if day == 0:
            ads.append(ad("3", "BTC/VES BUY"))
        load(make_batch(at(day * 1440), ads))
    return at((DAYS - 1) * 1440)


@pytest.fixture
def prices_at(query):
    def ask(moment):
        rows = query("SELECT offer_external_id, price::float FROM market.offers_as_of(%s)", moment)
        return dict(rows)

    return ask


def test_nothing_is_dropped_where_all_is_kept(connection, history):
    before = partitions(connection)
    assert retire(connection, history, 0) == []
    assert partitions(connection) == before


def test_what_is_kept_is_told_as_before(connection, history, prices_at, at):
    kept_since = at((DAYS - 1 - 2) * 1440) - timedelta(hours=12)
    moments = [kept_since, *(at(day * 1440 + 60) for day in range(DAYS - 3, DAYS))]
    before = [prices_at(moment) for moment in moments]
    assert before[0] == {"1": 52.0, "2": 58.1, "3": 58.1}
    dropped = retire(connection, history, 2)
    assert dropped == OLD
    assert [prices_at(moment) for moment in moments] == before


def test_of_what_is_dropped_nothing_is_told(connection, history, prices_at, query, at):
    retire(connection, history, 2)
    assert prices_at(at(60)) == {}
    gone = query("SELECT count(*) FROM market.fact_offers WHERE extraction_timestamp < %s", at(60))
    assert gone == [(1,)]  # the one sweep of the market that was never read again
    offers = query("SELECT count(*) FROM warehouse.offer")
    assert offers == query("SELECT count(*) FROM warehouse.version")
    orphans = query(
        "SELECT count(*) FROM warehouse.book b LEFT JOIN warehouse.sweep s USING (book_id)"
        " WHERE s.book_id IS NULL"
    )
    assert orphans == [(0,)]


def test_a_day_that_is_being_read_is_dropped_another_time(
    connection, history, database, monkeypatch, caplog
):
    monkeypatch.setattr(retention, "LOCK_WAIT", "50ms")
    with connected(database) as reading, reading.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM warehouse.version")
        assert retire(connection, history, 2) == []
    assert "is being read, and is dropped another time" in caplog.text
    assert retire(connection, history, 2) == OLD
