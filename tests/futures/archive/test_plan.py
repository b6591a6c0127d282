"""What is fetched of what there is and what is here."""

from datetime import date, timedelta

import pytest

from p2p_scrapy.futures.archive.listing import Listed
from p2p_scrapy.futures.archive.plan import Span, plan_of
from p2p_scrapy.futures.archive.series import ArchiveFile, Period, Series, days_of
from p2p_scrapy.futures.archive.stored import Stored
from p2p_scrapy.futures.archive.writing import Found, Source

SERIES = Series("aggTrades", "BTCUSDT")
FIRST, LAST = date(2026, 8, 30), date(2026, 10, 3)
TODAY = date(2026, 10, 4)
DAYS = [Period(day, is_month=False) for day in days_of(FIRST, LAST)]
SEPTEMBER = Period(date(2026, 9, 1), is_month=True)


def listing(*without, months=(SEPTEMBER,)):
    names = {f"{period}" for period in without} | {*without}
    periods = [each for each in (*DAYS, *months) if each not in names and str(each) not in names]
    return {period: Listed(f"{period}", 100, "then") for period in periods}


def lake(*names, size=100, modified="then"):
    periods = [Period.parse(name) for name in names]
    source = Source("url", "sha", size, modified)
    found = Found(1, 1, 1, 1, 1, False, [])
    return {each: Stored(ArchiveFile(SERIES, each), source, found) for each in periods}


def plan(listed, stored=None, first=FIRST, last=LAST, today=TODAY, series=SERIES):
    made = plan_of(series, Span(first, last), listed, stored or {}, today)
    return (
        [str(file.period) for file in made.fetch],
        [str(each.file.period) for each in made.kept],
        [f"{day}" for day in made.absent],
    )


def test_months_where_whole_months_exist_and_days_for_the_rest():
    fetch, kept, absent = plan(listing())
    assert fetch == [
        *("2026-08-30", "2026-08-31", "2026-09", "2026-10-01", "2026-10-02", "2026-10-03"),
    ]
    assert (kept, absent) == ([], [])


def test_a_month_asked_for_in_part_is_taken_in_days():
    fetch, _, _ = plan(listing(), first=date(2026, 9, 29))
    assert fetch == ["2026-09-29", "2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03"]


def test_a_month_that_is_not_published_yet_is_taken_in_days():
    fetch, _, absent = plan(listing(months=()))
    assert len(fetch) == 35
    assert not absent


def test_what_is_here_is_not_fetched():
    stored = lake("2026-08-30", "2026-08-31", "2026-09", "2026-10-01", "2026-10-02", "2026-10-03")
    fetch, kept, absent = plan(listing(), stored)
    assert (fetch, len(kept), absent) == ([], 6, [])


def test_a_month_of_which_all_days_are_here_is_not_fetched():
    stored = lake(*(str(day) for day in DAYS))
    fetch, kept, _ = plan(listing(), stored)
    assert (fetch, len(kept)) == ([], 35)


def test_a_month_begun_in_days_is_gone_on_with_in_days():
    stored = lake(*(str(day) for day in DAYS if day.first.month == 9 and day.first.day < 29))
    fetch, _, _ = plan(listing(), stored, first=date(2026, 9, 1), last=date(2026, 9, 30))
    assert fetch == ["2026-09-29", "2026-09-30"]


def test_unless_a_day_is_absent_that_the_month_may_hold():
    stored = lake("2026-09-01")
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    fetch, _, absent = plan(listing("2026-09-12"), stored, first=first, last=last)
    assert (fetch, absent) == (["2026-09"], [])


@pytest.mark.parametrize("change", [{"size": 99}, {"modified": "before"}])
def test_what_binance_has_replaced_is_fetched_again(change):
    stored = lake("2026-10-01") | lake("2026-10-02", **change) | lake("2026-09", **change)
    fetch, kept, _ = plan(listing(), stored, first=date(2026, 9, 1), last=date(2026, 10, 2))
    assert (fetch, kept) == (["2026-09", "2026-10-02"], ["2026-10-01"])


def test_a_listing_that_tells_neither_size_nor_time_replaces_nothing():
    listed = {period: Listed(f"{period}") for period in DAYS}
    _, kept, _ = plan(listed, lake("2026-10-01"), first=date(2026, 10, 1), last=date(2026, 10, 1))
    assert kept == ["2026-10-01"]


def test_absent_days_are_told():
    first, last = date(2026, 8, 30), date(2026, 8, 31)
    assert plan(listing("2026-08-31"), first=first, last=last) == (
        ["2026-08-30"],
        [],
        ["2026-08-31"],
    )


def test_days_before_the_first_are_no_gaps():
    fetch, _, absent = plan(listing(), first=date(2019, 9, 1), last=FIRST)
    assert (fetch, absent) == (["2026-08-30"], [])


def born_on(day):
    """A symbol that begins within September, whose month is there too."""
    return {period: each for period, each in listing().items() if period.last >= day}


def test_days_of_the_first_month_before_its_first_daily_file_are_no_gaps():
    listed = born_on(date(2026, 9, 15))
    fetch, _, absent = plan(listed, first=date(2026, 9, 10), last=date(2026, 9, 16))
    assert (fetch, absent) == (["2026-09-15", "2026-09-16"], [])


def test_a_first_month_is_taken_whole_all_the_same():
    listed = born_on(date(2026, 9, 15))
    fetch, _, absent = plan(listed, last=date(2026, 9, 30))
    assert (fetch, absent) == (["2026-09"], [])


def test_a_first_month_of_which_all_days_are_here_is_not_fetched():
    listed = born_on(date(2026, 9, 15))
    stored = lake(*(f"2026-09-{day}" for day in range(15, 31)))
    fetch, kept, absent = plan(listed, stored, last=date(2026, 9, 30))
    assert (fetch, len(kept), absent) == ([], 16, [])


def test_a_first_month_without_daily_files_counts_from_its_first():
    listed = {SEPTEMBER: Listed("2026-09"), **listing(*DAYS[:-3], months=())}
    _, _, absent = plan(listed, first=date(2026, 8, 30), last=date(2026, 9, 2))
    assert absent == ["2026-09-01", "2026-09-02"]


NEVER_ENDED = ["2026-09-24", *(f"2026-09-{day}" for day in range(26, 31)), "2026-10-01"]


@pytest.mark.parametrize(
    ("symbol", "missing"),
    [
        ("BTCUSDT_260925", ["2026-09-24"]),
        ("BTCUSDT", NEVER_ENDED),
        ("BTCUSDT_269925", NEVER_ENDED),  # there is no such date
    ],
)
def test_days_after_the_date_in_a_contracts_name_are_no_gaps(symbol, missing):
    days = [day for day in DAYS if day.first <= date(2026, 9, 25)]
    listed = {day: Listed(f"{day}") for day in days if f"{day}" != "2026-09-24"}
    series = Series("aggTrades", symbol)
    _, _, absent = plan(listed, first=date(2019, 9, 1), last=TODAY, series=series)
    assert absent == missing


def test_days_that_are_not_due_yet_are_no_gaps():
    _, _, absent = plan(listing(), last=date(2026, 10, 31), today=LAST + timedelta(days=2))
    assert absent == []


def test_days_that_are_overdue_are():
    _, _, absent = plan(listing(), last=date(2026, 10, 31), today=LAST + timedelta(days=5))
    assert absent == ["2026-10-04", "2026-10-05"]


def test_what_has_gone_from_the_archive_stays_in_the_lake():
    stored = lake("2026-10-02")
    first = last = date(2026, 10, 2)
    assert plan(listing("2026-10-02"), stored, first, last) == ([], ["2026-10-02"], [])


def test_an_archive_that_has_nothing_of_a_series():
    assert plan({}) == ([], [], [])
