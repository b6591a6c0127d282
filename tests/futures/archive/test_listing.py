"""The listing of the bucket, as recorded and as told by the bundled exchange."""

import asyncio
import urllib.request
from datetime import date

import pytest

from p2p_scrapy.futures.archive.errors import ListingError
from p2p_scrapy.futures.archive.listing import Listed, list_series, parse_page
from p2p_scrapy.futures.archive.series import Period, Series

TRADES = Series("aggTrades", "BTCUSDT")
ROOT = b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%s</ListBucketResult>'


def test_a_real_page(recorded_file):
    page = parse_page(recorded_file("s3_listing_um_daily_trades_BTCUSDT_2026-09.xml"))
    prefix = "data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2026-09"
    assert page.marker is None
    assert page.objects == (
        Listed(f"{prefix}-01.zip", 26293521, "2026-09-02T07:40:48.000Z"),
        Listed(f"{prefix}-01.zip.CHECKSUM", 96, "2026-09-02T07:40:47.000Z"),
        Listed(f"{prefix}-12.zip", 5974453, "2026-09-13T06:56:57.000Z"),
    )


def test_a_real_page_that_has_a_next_one(recorded_file):
    page = parse_page(recorded_file("s3_listing_truncated_page.xml"))
    assert page.marker == "data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2021-01-19.zip"
    key = "data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2020-01-01.zip"
    assert page.objects == (Listed(key, None, None),)


def test_without_a_next_marker_the_last_key_is_it():
    body = ROOT % b"<IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents>"
    assert parse_page(body).marker == "a"


def test_an_empty_listing():
    page = parse_page(ROOT % b"<IsTruncated>false</IsTruncated>")
    assert (page.objects, page.marker) == ((), None)


@pytest.mark.parametrize("body", [b"", b"<html><body>busy</body></html>", b"{}", b"\xff\xfe"])
def test_what_is_no_listing(body):
    with pytest.raises(ListingError, match="this is no listing of a bucket"):
        parse_page(body)


def test_a_listing_that_turns_in_a_circle_ends():
    body = ROOT % b"<IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents>"

    async def get(_url):
        return body

    with pytest.raises(ListingError, match="does not come further than a"):
        asyncio.run(list_series(get, "http://listing", TRADES))


def test_pages_of_a_long_listing_are_all_read(open_archive):
    """Two and a half years of days: 1,826 keys, of which an answer holds 1,000."""
    archive = open_archive(start=date(2024, 1, 1), end=date(2026, 7, 1), trades=1)

    async def get(url):
        with await asyncio.to_thread(urllib.request.urlopen, url) as answer:
            return answer.read()

    listed = asyncio.run(list_series(get, f"{archive.url}/data.binance.vision", TRADES))
    days = sorted(period for period in listed if not period.is_month)
    assert (days[0].first, days[-1].first, len(days)) == (date(2024, 1, 1), date(2026, 7, 1), 913)
    assert len(listed) - len(days) == 30
    day = listed[Period(date(2026, 7, 1), is_month=False)]
    assert day.key == "data/futures/um/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2026-07-01.zip"
    assert day.size > 100
    assert day.modified == "2026-07-02T07:40:48.000Z"
    asked, _ = archive.archive_requests()
    assert asked["data/futures/um/daily/aggTrades/BTCUSDT/?"] == 2
