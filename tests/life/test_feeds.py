"""Feed exports: the same ads as the lake, a row each, in CSV, JSON lines and JSON, gzip too."""

import csv
import gzip
import io
import json

import pandas as pd
import pytest

from items import AD_COLUMNS


@pytest.fixture
def feeds(scrapy, crawl_of, small_exchange, tmp_path):
    names = ("ads.csv", "ads.jsonl", "ads.json", "ads.csv.gz", "ads.jsonl.gz")
    outputs = [part for name in names for part in ("-O", str(tmp_path / name))]
    result = scrapy(*crawl_of(small_exchange), *outputs)
    assert result.returncode == 0, result.stderr
    return {name: tmp_path / name for name in names}


def by_number(rows):
    return {row["adv_no"]: row for row in rows}


def test_every_format_holds_the_ads_of_the_lake(feeds, lake):
    ads = by_number(lake.ads())
    assert len(ads) > 400
    rows = list(csv.DictReader(io.StringIO(feeds["ads.csv"].read_text("utf-8"))))
    lines = [json.loads(line) for line in feeds["ads.jsonl"].read_text("utf-8").splitlines()]
    for found in (rows, lines, json.loads(feeds["ads.json"].read_text("utf-8"))):
        assert len(found) == len(ads)
        assert by_number(found).keys() == ads.keys()
        assert list(found[0]) == list(AD_COLUMNS)
    for row in rows:
        ad = ads[row["adv_no"]]
        assert float(row["price"]) == ad["price"]
        assert json.loads(row["payment_methods"]) == ad["payment_methods"]
        assert pd.Timestamp(row["observed_at"]) == ad["observed_at"]
        assert row["price_type"] == ""
    for line in lines:
        ad = dict(ads[line["adv_no"]])
        for name in ("fetched_at", "observed_at", "ad_created_at"):
            assert pd.Timestamp(line.pop(name)) == ad.pop(name)
        assert line == ad


def test_gzip_holds_the_same_bytes(feeds):
    for name in ("ads.csv", "ads.jsonl"):
        packed = feeds[f"{name}.gz"].read_bytes()
        assert packed[:2] == b"\x1f\x8b"
        assert gzip.decompress(packed) == feeds[name].read_bytes()


def test_a_feed_that_the_disk_refuses_is_said_and_leaves_the_last_one(
    scrapy, crawl_of, small_exchange, lake, small_disk
):
    feed = small_disk / "ads.csv"
    feed.write_text("the last one\n")
    (small_disk / "others").write_bytes(bytes(150_000))
    result = scrapy(*crawl_of(small_exchange), "-O", str(feed))
    assert result.returncode == 3
    assert f"The feed {feed} cannot be written: No space left on device; " in result.stderr
    assert "Traceback" not in result.stderr
    assert {path.name for path in small_disk.iterdir()} == {"ads.csv", "others"}
    assert feed.read_text() == "the last one\n"
    (manifest,) = lake.manifests()
    assert (manifest["status"], len(lake.ads())) == ("completed", sum(manifest["ads"].values()))


def test_pandas_reads_the_csv(feeds):
    frame = pd.read_csv(feeds["ads.csv"], dtype={"adv_no": str}, parse_dates=["fetched_at"])
    assert frame["price"].dtype == "float64"
    assert str(frame["fetched_at"].dtype).startswith("datetime64")
