import csv
import io
import json
import logging
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy.extensions.postprocessing import GzipPlugin

from items import AD_COLUMNS, Ad, Market, Side
from p2p_scrapy import feeds
from p2p_scrapy.errors import UsageError
from p2p_scrapy.feeds import AdCsvExporter
from p2p_scrapy.feeds.whole_file import WholeFileFeedStorage

SCHEMES = ("", "file", "ftp", "s3")


@pytest.fixture
def ad():
    values = dict.fromkeys(AD_COLUMNS) | {
        "snapshot_id": "20260605T133000Z_SELL",
        "fetched_at": datetime(2026, 6, 5, 13, 30, tzinfo=UTC),
        "adv_no": "13908303176808550400",
        "price": 58.1,
        "month_order_count": 21,
        "advertiser_name": 'Юлия, "the one"\nof two',
        "payment_methods": ["BANESCO", None, 'a"b,c', "د.إ"],
        "payment_method_ids": [],
        "observed_at": datetime(2026, 6, 5, 13, 30, 4, 500_000, tzinfo=UTC),
        "is_promoted": False,
    }
    return Ad(**values, market=Market("USDT", "VES", Side.SELL), raw=b"{}")


def exported(*ads):
    file = io.BytesIO()
    exporter = AdCsvExporter(file, fields_to_export=list(AD_COLUMNS), encoding="utf-8")
    exporter.start_exporting()
    for each in ads:
        exporter.export_item(each)
    exporter.finish_exporting()
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))


@pytest.mark.parametrize(
    ("kind", "overwrite", "is_told"),
    [("csv", False, True), ("json", False, True), ("jsonl", False, False), ("csv", True, False)],
)
def test_what_is_broken_by_appending_is_said(tmp_path, caplog, kind, overwrite, is_told):
    path = tmp_path / f"ads.{kind}"
    wanted = {str(path): {"format": kind, "overwrite": overwrite}}
    feeds.warn_of_appending(wanted)
    assert caplog.text == ""
    path.write_text("what was there\n")
    feeds.warn_of_appending(wanted)
    assert (f"ads.{kind} exists, and a second {kind}" in caplog.text) == is_told


def test_a_row_of_csv_gives_every_value_back(ad):
    (row,) = exported(ad)
    assert tuple(row) == AD_COLUMNS
    assert row["snapshot_id"] == "20260605T133000Z_SELL"
    assert row["adv_no"] == "13908303176808550400"
    assert float(row["price"]) == 58.1
    assert int(row["month_order_count"]) == 21
    assert row["advertiser_name"] == 'Юлия, "the one"\nof two'
    assert json.loads(row["payment_methods"]) == ["BANESCO", None, 'a"b,c', "د.إ"]
    assert json.loads(row["payment_method_ids"]) == []
    assert row["fetched_at"] == "2026-06-05T13:30:00+00:00"
    assert datetime.fromisoformat(row["observed_at"]) == ad.observed_at
    assert row["is_promoted"] == "False"
    assert row["badges"] == row["surplus_amount"] == ""


def test_a_feed_without_an_ad_names_its_columns():
    file = io.BytesIO()
    exporter = AdCsvExporter(file, fields_to_export=list(AD_COLUMNS), encoding="utf-8")
    exporter.start_exporting()
    exporter.finish_exporting()
    assert file.getvalue().decode() == ",".join(AD_COLUMNS) + "\r\n"


def test_a_row_an_ad(ad):
    assert len(exported(ad, ad, ad)) == 3


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        ("ads.csv", "ads.csv"),
        ("ads.jsonl", "ads.jsonl"),
        ("ads.csv.gz", "ads.csv.gz:csv"),
        ("/tmp/a.b/ads.jsonl.gz", "/tmp/a.b/ads.jsonl.gz:jsonl"),
        ("s3://bucket/ads.csv.gz", "s3://bucket/ads.csv.gz:csv"),
        ("ads.gz", "ads.gz"),
        ("ads.csv.gz:csv", "ads.csv.gz:csv"),
        ("-:csv", "-:csv"),
    ],
)
def test_the_format_of_a_compressed_feed_is_told(uri, told):
    assert feeds.with_format(uri) == told


def test_compressed_feeds_go_through_gzip():
    plain, packed = {"format": "csv"}, {"format": "jsonlines", "overwrite": True}
    assert feeds.compress({"ads.csv": plain, "ads.jsonl.gz": packed}) == {
        "ads.csv": {"format": "csv"},
        "ads.jsonl.gz": {
            "format": "jsonlines",
            "overwrite": True,
            "postprocessing": [GzipPlugin],
        },
    }
    assert packed == {"format": "jsonlines", "overwrite": True}


def test_a_feed_that_can_be_written_leaves_no_trace(tmp_path):
    feeds.prove_writable([str(tmp_path / "new" / "ads.csv")], SCHEMES)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_feed_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "ads.csv").write_text("kept")
    feeds.prove_writable([str(tmp_path / "ads.csv")], SCHEMES)
    assert (tmp_path / "ads.csv").read_text() == "kept"


@pytest.mark.parametrize("uri", ["-", "ftp://host/ads.csv", "ads_%(time)s.csv", "file:///x/y"])
def test_feeds_that_are_no_plain_files_are_not_tried(uri, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    feeds.prove_writable([uri], SCHEMES)
    assert os.listdir() == []  # noqa: PTH208 - the working directory


def test_a_feed_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    feed = tmp_path / "file" / "ads.csv"
    with pytest.raises(UsageError, match=f"the feed {feed} cannot be written: File exists"):
        feeds.prove_writable([str(feed)], SCHEMES)
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        feeds.prove_writable([str(tmp_path)], SCHEMES)


def test_a_feed_that_no_storage_serves():
    with pytest.raises(UsageError, match="no gopher: here, only file, ftp, s3"):
        feeds.prove_writable(["gopher://host/ads.csv"], SCHEMES)
    with pytest.raises(UsageError, match="needs the package boto3, which is not installed"):
        feeds.prove_writable(["s3://bucket/ads.csv"], SCHEMES)


@pytest.fixture
def storage(tmp_path):
    """Open a feed of a spider whose batch has kept so many ads, and write to it."""

    def write(content, kept, *, overwrite=True, verdict="complete", fiat="VES"):
        sweeps = {"market": SimpleNamespace(kept=kept)}
        row = SimpleNamespace(verdict=verdict, rows=kept, fiat=fiat)
        batch = SimpleNamespace(
            ledger=SimpleNamespace(sweeps=sweeps, rows=[row]),
            agenda=SimpleNamespace(planned=["market"]),
            scope=SimpleNamespace(is_whole_market=False, is_sample=False),
            catalogue=SimpleNamespace(fiats=["VES"]),
        )
        spider = SimpleNamespace(batch=batch)
        feed = WholeFileFeedStorage(
            str(tmp_path / "ads.csv"), feed_options={"overwrite": overwrite}
        )
        file = feed.open(spider)
        file.write(content)
        return feed, file

    return write


def test_a_feed_takes_its_name_when_it_is_whole(storage, tmp_path):
    (tmp_path / "ads.csv").write_bytes(b"old")
    feed, file = storage(b"new", 3)
    assert (tmp_path / "ads.csv").read_bytes() == b"old"
    feed.store(file)
    assert (tmp_path / "ads.csv").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["ads.csv"]


def test_a_feed_of_an_empty_book_replaces_what_was_there(storage, tmp_path):
    (tmp_path / "ads.csv").write_bytes(b"old")
    feed, file = storage(b"names", 0)
    feed.store(file)
    assert (tmp_path / "ads.csv").read_bytes() == b"names"


@pytest.mark.parametrize(
    ("verdict", "fiat"), [("partial", "VES"), ("failed", "VES"), ("complete", "VSE")]
)
def test_a_feed_of_no_ad_replaces_nothing(storage, tmp_path, caplog, verdict, fiat):
    (tmp_path / "ads.csv").write_bytes(b"old")
    feed, file = storage(b"", 0, verdict=verdict, fiat=fiat)
    feed.store(file)
    assert (tmp_path / "ads.csv").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["ads.csv"]
    assert "is left as it was: the batch has read no ad" in caplog.text


def test_a_feed_that_appends_goes_to_the_file_itself(storage, tmp_path):
    (tmp_path / "ads.csv").write_bytes(b"old")
    feed, file = storage(b"new", 3, overwrite=False)
    feed.store(file)
    assert (tmp_path / "ads.csv").read_bytes() == b"oldnew"


def test_a_feed_that_its_server_refuses_is_told_in_one_line(caplog):
    feeds.tell_in_one_line()
    log = logging.getLogger("scrapy.extensions.feedexport")
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError:
        log.exception("Error storing %s", "csv feed (2 items) in: ftp://host/x.csv")
    said = "Error storing csv feed (2 items) in: ftp://host/x.csv: [Errno 111] Connection refused"
    assert caplog.messages == [said]
    assert "Traceback" not in caplog.text
