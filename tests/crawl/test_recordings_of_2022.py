"""Replayed recordings of 2022: old shapes of answers are held to the last digit, and told."""

import gzip
import json

import pytest

from tests.crawl.plain_ads import OPPOSITE
from tests.crawl.recordings import holds, missing_keys, recordings_of, told_missing


@pytest.fixture(scope="module")
def kzt(census, replayed):
    return census(replayed(), fiats="KZT")


@pytest.fixture(scope="module")
def kzt_recordings(captures):
    found = recordings_of(captures, "kzt_*.gz", fiat="KZT")
    assert {recording["request"]["body"]["asset"] for recording in found} == {
        *("USDT", "BTC", "BUSD", "BNB", "ETH", "SHIB")
    }
    return found


def test_kzt_of_2022(kzt, kzt_recordings):
    assert holds(kzt, kzt_recordings)
    verdicts = {asset: kzt.verdicts["KZT", asset, "SELL"] for _, asset, _ in kzt.ledger}
    assert {asset for asset, verdict in verdicts.items() if verdict == "partial"} == {
        *("USDT", "BTC", "BUSD")  # ten rows of 66, 20 and 11 were recorded
    }
    assert (kzt.code, kzt.manifest["status"]) == (3, "partial")
    assert kzt.manifest["ads"] == {"buy": 0, "sell": 49}


def test_the_markets_of_kzt_are_those_of_its_recorded_portal(kzt, captures):
    (portal,) = (
        json.loads(line)["response"]["body"]["data"]
        for path in captures.glob("kzt_*.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
        if b"portal/config" in line
    )
    (area,) = (area for area in portal["areas"] if area["area"] == "P2P")
    listed = {
        ("KZT", asset["asset"], OPPOSITE[side["side"]])
        for side in area["tradeSides"]
        for asset in side["assets"]
    }
    assert kzt.ledger.keys() == listed
    assert kzt.manifest["planned"] == len(listed)


def test_keys_that_2022_lacks_are_nulls_counted_and_told_once(kzt, kzt_recordings):
    counts = missing_keys(kzt_recordings, kzt)
    assert {f"missing advertiser.{key}" for key in ("positiveRate", "badges", "vipLevel")} <= (
        counts.keys()
    )
    assert told_missing(kzt) == counts
    assert all(ad["positive_rate"] is None and ad["badges"] is None for ad in kzt.ads)
    assert list(kzt.alerts) == ["answers_changed"]
    said = [line for line in kzt.log.splitlines() if "The exchange's answers have changed" in line]
    assert len(said) == len(set(said)) == len(counts)


@pytest.fixture
def try_recordings(captures):
    """The request was rebuilt with the wrong side: ten bids are no answer to tradeType BUY."""
    (recording,) = recordings_of(captures, "try_*.gz")
    assert {entry["adv"]["tradeType"] for entry in recording["response"]["body"]["data"]} == {"BUY"}
    assert recording["request"]["body"]["tradeType"] == "BUY"
    recording["request"]["body"]["tradeType"] = "SELL"
    return [recording]


def test_try_of_2022_has_null_pay_types_and_time_limits(
    census, open_exchange, captures, try_recordings, tmp_path
):
    (path,) = captures.glob("try_*.gz")
    text = gzip.decompress(path.read_bytes()).decode()
    request, answer = text.split('"response"')
    mended = request.replace('"tradeType":"BUY"', '"tradeType":"SELL"') + '"response"' + answer
    assert mended != text
    (tmp_path / "mended.jsonl").write_text(mended)
    crawl = census(open_exchange(replay=tmp_path), fiats="TRY")
    assert holds(crawl, try_recordings)
    (recording,) = try_recordings
    entries = recording["response"]["body"]["data"]
    assert all(m["payType"] is None for e in entries for m in e["adv"]["tradeMethods"])
    assert all(ad["payment_methods"] == ad["payment_method_ids"] != [] for ad in crawl.ads)
    assert all(ad["pay_time_limit_minutes"] is None for ad in crawl.ads)
    assert told_missing(crawl) == missing_keys(try_recordings, crawl)
    assert (crawl.code, crawl.verdicts["TRY", "USDT", "BUY"]) == (3, "partial")


def test_try_as_it_was_recorded_is_refused_whole_for_its_side(census, replayed, try_recordings):
    crawl = census(replayed(), fiats="TRY")
    assert crawl.is_accounted_for()
    (recording,) = try_recordings
    recorded = json.loads(json.dumps(recording["response"]["body"]["data"], default=float))
    assert [each["entry"] for each in crawl.rejected] == recorded
    assert {(each["reason"], each["side"]) for each in crawl.rejected} == {("wrong_side", "SELL")}
    assert [each["adv_no"] for each in crawl.rejected] == [e["adv"]["advNo"] for e in recorded]
    assert crawl.ads == []
