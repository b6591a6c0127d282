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


def test_a_batch_whose_clock_is_far_ahead_drops_no_day_but_one(
    connection, history, load, make_batch, ad, at
):
    far = at((DAYS + 400) * 1440)
    load(make_batch(far, [ad("1")]))
    assert retire(connection, history, 2) == OLD  # the clock is right again
    load(make_batch(far + timedelta(minutes=10), [ad("2")]))
    assert retire(connection, far + timedelta(minutes=10), 2) == ["version_20260608"]


@pytest.mark.usefixtures("history")
def test_days_without_a_batch_do_not_count(connection, at):
    assert retire(connection, at(30 * 1440), 2) == OLD


@pytest.mark.usefixtures("history")
def test_a_clock_from_before_the_first_batch_drops_nothing(connection, at):
    assert retire(connection, at(-1), 1) == []


def test_a_day_that_is_being_read_is_dropped_another_time(
    connection, history, database, monkeypatch, caplog
):
    monkeypatch.setattr(retention, "LOCK_WAIT", "50ms")
    with connected(database) as reading, reading.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM warehouse.version")
        assert retire(connection, history, 2) == []
    assert "is being read, and is dropped another time" in caplog.text
    assert retire(connection, history, 2) == OLD


def test_who_stands_in_a_dead_market_keeps_what_was_known_then_and_nobody_else_does(
    connection, load, make_batch, ad, at, query
):
    """The market of the first day is never read again, and its ad stands there for ever."""
    dead = ad("3", "BTC/VES BUY", advertiser_no="dead")
    for day in range(DAYS):
        ads = [ad("1", advertiser_no="live", month_order_count=day), *([dead] if day == 0 else ())]
        load(make_batch(at(day * 1440), ads))
    book = "SELECT offer_external_id, total_orders_count FROM market.offers_as_of(%s) ORDER BY 1"
    moments = [at(day * 1440 + 60) for day in (3, 4, 5)]
    before = [query(book, moment) for moment in moments]
    assert before[0] == [("1", 3), ("3", 21)]
    assert retire(connection, at((DAYS - 1) * 1440), 2) == OLD
    assert [query(book, moment) for moment in moments] == before
    days = query(
        "SELECT advertiser_no, count(*) FROM warehouse.advertiser_day"
        " JOIN warehouse.advertiser USING (advertiser_id) GROUP BY 1 ORDER BY 1"
    )
    assert days == [("dead", 1), ("live", 4)]


def test_a_backlog_is_dropped_day_by_day_as_far_as_there_is_time(connection, history, query):
    turns = iter([True, False])
    assert retire(connection, history, 2, lambda: next(turns)) == OLD[:1]
    assert query("SELECT kept_since::text FROM warehouse.retention") == [
        ("2026-06-06 00:00:00+00",)
    ]
    assert retire(connection, history, 2) == OLD[1:]
    assert query("SELECT kept_since::text FROM warehouse.retention") == [
        ("2026-06-08 00:00:00+00",)
    ]


def test_what_takes_too_long_to_drop_stays(connection, history, query, monkeypatch, caplog):
    query("SET statement_timeout = '50ms'")
    monkeypatch.setattr(retention, "statement", lambda _: "SELECT pg_sleep(60)")
    assert retire(connection, history, 2) == []
    assert "dropping version_20260605 takes too long" in caplog.text


def test_a_moment_without_end_has_the_book_of_now(history, prices_at):  # noqa: ARG001
    assert prices_at("infinity") == {"1": 55.0, "2": 58.1, "3": 58.1}
