"""Recordings of the real service, replayed over a socket: the lake holds them to the last digit.

What has to be in each column is read from the recordings here once more, by the product page's
section 5 alone; nothing of p2p_scrapy.binance takes part in it.
"""

import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

OPPOSITE = {"BUY": "SELL", "SELL": "BUY"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AS_IT_IS = {
    "trade_type": "adv.tradeType",
    "adv_no": "adv.advNo",
    "asset": "adv.asset",
    "fiat": "adv.fiatUnit",
    "classify": "adv.classify",
    "pay_time_limit_minutes": "adv.payTimeLimit",
    "advertiser_no": "advertiser.userNo",
    "advertiser_name": "advertiser.nickName",
    "advertiser_type": "advertiser.userType",
    "month_order_count": "advertiser.monthOrderCount",
    "user_grade": "advertiser.userGrade",
    "user_identity": "advertiser.userIdentity",
    "badges": "advertiser.badges",
    "vip_level": "advertiser.vipLevel",
    "active_seconds_ago": "advertiser.activeTimeInSecond",
}
DECIMALS = {
    "price": "adv.price",
    "surplus_amount": "adv.surplusAmount",
    "min_amount": "adv.minSingleTransAmount",
    "max_amount": "adv.maxSingleTransAmount",
    "tradable_quantity": "adv.tradableQuantity",
    "min_quantity": "adv.minSingleTransQuantity",
    "max_quantity": "adv.maxSingleTransQuantity",
    "dynamic_max_amount": "adv.dynamicMaxSingleTransAmount",
    "dynamic_max_quantity": "adv.dynamicMaxSingleTransQuantity",
    "commission_rate": "adv.commissionRate",
    "month_finish_rate": "advertiser.monthFinishRate",
    "positive_rate": "advertiser.positiveRate",
    "user_positive_rate": "advertiser.userPositiveRate",
}
OTHERS = ("adv.createTime", "adv.priceType", "adv.takerAdditionalKycRequired")
NEVER_SENT = "advertiser.userPositiveRate"
"""Older code speaks of it, no recording has it: its absence is no change."""


def recordings_of(captures, pattern, **body):
    """The recorded searches for this, oldest first; numbers of their answers are exact."""
    found = []
    for path in captures.glob(pattern):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            recording = json.loads(line, parse_float=Decimal)
            asked = recording["request"]["body"] or {}
            if (
                recording["request"]["path"].endswith("/adv/search")
                and body.items() <= asked.items()
            ):
                found.append(recording)
    return sorted(found, key=lambda recording: recording["recorded_at"])


def market_of(recording):
    asked = recording["request"]["body"]
    return asked["fiat"], asked["asset"], OPPOSITE[asked["tradeType"]]


def is_promoted(entry):
    return entry.get("privilegeType") in (2, 8)


def at(entry, path):
    part, key = path.split(".")
    return entry[part].get(key)


def plain_ad(entry, rank, row, crawl):
    """What every column has to hold, by name; decimals as Decimal."""
    adv, methods, started_at = entry["adv"], entry["adv"]["tradeMethods"], crawl.started_at
    kyc, created = adv.get("takerAdditionalKycRequired"), adv.get("createTime")
    if created is None:
        created = (int(adv["advNo"][2:]) >> 22) + 1_566_994_004_200
    decimals = {name: at(entry, path) for name, path in DECIMALS.items()}
    return {
        **{name: at(entry, path) for name, path in AS_IT_IS.items()},
        **{name: None if text is None else Decimal(text) for name, text in decimals.items()},
        "snapshot_id": f"{started_at:%Y%m%dT%H%M%SZ}_{adv['tradeType']}",
        "fetched_at": started_at,
        "fetched_date": f"{started_at:%Y-%m-%d}",
        "payment_methods": [m["payType"] or m["identifier"] for m in methods],
        "payment_method_ids": [m["identifier"] for m in methods],
        "payment_method_names": [m["tradeMethodName"] for m in methods],
        "ad_created_at": EPOCH + timedelta(milliseconds=created),
        "ad_created_at_source": "adv_no" if adv.get("createTime") is None else "api",
        "price_type": {1: "FIXED", 2: "FLOATING", None: None}[adv["priceType"]],
        "batch_id": crawl.manifest["batch_id"],
        "venue": "binance",
        "observed_at": row["first_response_at"],
        "search_side": OPPOSITE[adv["tradeType"]],
        "rank": rank,
        "page": 1,
        "is_promoted": is_promoted(entry),
        "privilege_type": entry.get("privilegeType"),
        "is_merchant": entry["advertiser"]["userType"] == "merchant",
        "taker_kyc_required": None if kyc is None else bool(kyc),
    }


def plain_book(recording, row, crawl):
    """A recorded page as the lake has to hold it: ordered by rank, ads without one at the end."""
    entries = recording["response"]["body"]["data"]
    natural = [entry for entry in entries if not is_promoted(entry)]
    numbers = {entry["adv"]["advNo"] for entry in natural}
    extra = [e for e in entries if is_promoted(e) and e["adv"]["advNo"] not in numbers]
    ranked = [plain_ad(entry, rank, row, crawl) for rank, entry in enumerate(natural, start=1)]
    return ranked + [plain_ad(entry, None, row, crawl) for entry in extra]


def as_plain(ad):
    """A row of the lake; a float stands for the decimal that its shortest text names."""
    assert all(type(ad[name]) in (float, type(None)) for name in DECIMALS)
    exact = {name: None if ad[name] is None else Decimal(repr(ad[name])) for name in DECIMALS}
    return ad | exact


def holds(crawl, recordings):
    """Each recorded page is in the lake, in the ledger and in the manifest, to the last digit."""
    assert crawl.is_accounted_for()
    recorded = {market_of(recording): recording for recording in recordings}
    for market, row in crawl.ledger.items():
        if market not in recorded:
            assert (row["rows"], row["total_last"], row["verdict"]) == (0, 0, "complete")
            assert market not in crawl.ads_of or crawl.ads_of[market] == []
            continue
        body = recorded[market]["response"]["body"]
        expected = plain_book(recorded[market], row, crawl)
        assert [as_plain(ad) for ad in crawl.ads_of[market]] == expected
        promoted = sum(map(is_promoted, body["data"]))
        natural = len(body["data"]) - promoted
        assert (row["total_first"], row["total_last"]) == (body["total"], body["total"])
        assert (row["rows"], row["promoted"]) == (len(body["data"]), promoted)
        assert (row["unique"], row["duplicates"], row["refused"]) == (natural, 0, 0)
        assert row["verdict"] == ("complete" if natural == body["total"] else "partial")
        if natural != body["total"]:
            assert f"{natural} ads seen of {body['total']} reported" in row["error"]
    assert recorded.keys() <= crawl.ledger.keys()
    totals = sum(recording["response"]["body"]["total"] for recording in recordings)
    seen = sum(row["unique"] for row in crawl.ledger.values())
    assert crawl.manifest["completeness"] == pytest.approx(seen / totals)
    assert crawl.manifest["refused"] == {}
    return True


def missing_keys(recordings, crawl):
    """How many entries lack each key that a column needs, as the manifest counts them.

    What was read again, because a recorded page is not its whole book, is counted again.
    """
    paths = {*AS_IT_IS.values(), *DECIMALS.values(), *OTHERS} - {NEVER_SENT}
    counts = Counter()
    for recording in recordings:
        for entry in recording["response"]["body"]["data"]:
            ad = entry["adv"]
            readings = 1 + crawl.ledger[ad["fiatUnit"], ad["asset"], ad["tradeType"]]["rereads"]
            lacking = (
                path for path in paths if path.split(".")[1] not in entry[path.split(".")[0]]
            )
            for path in lacking:
                counts[f"missing {path}"] += readings
    return counts


def told_missing(crawl):
    return {k: n for k, n in crawl.manifest["changes"].items() if k.startswith("missing ")}


@pytest.fixture(scope="module")
def replayed(open_exchange, captures):
    """Opens an exchange that answers from the recordings, each from the first moment on."""
    return lambda: open_exchange(replay=captures)


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


@pytest.fixture(scope="module")
def bolivia(census, replayed, new_folder, captures):
    """A batch for each recorded moment, one after the other, with what was recorded then."""
    moments = defaultdict(list)
    for recording in recordings_of(captures, "usdt_bob_usd_*.gz", fiat="BOB"):
        moments[recording["recorded_at"]].append(recording)
    exchange, folder = replayed(), new_folder()
    return [(census(exchange, folder, fiats="BOB"), moments[at]) for at in sorted(moments)]


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
    assert len(said) == len(set(said)) == len(kzt.manifest["changes"])


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


def test_every_recorded_moment_of_bob(bolivia):
    assert len(bolivia) == 10
    for crawl, recordings in bolivia:
        assert {market_of(recording)[2] for recording in recordings} == {"BUY", "SELL"}
        assert holds(crawl, recordings)
        assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
        assert crawl.manifest["changes"] == {}
        assert crawl.alerts == {}


def test_promoted_rows_of_bob_have_no_rank(bolivia):
    rows = [ad for crawl, _ in bolivia for ad in crawl.ads]
    assert sum(ad["is_promoted"] for ad in rows) == 16
    assert all((ad["rank"] is None) == (ad["privilege_type"] == 8) for ad in rows)
    assert {ad["privilege_type"] for ad in rows} == {None, 1, 8}


def test_moments_of_bob_are_batches_of_their_own(bolivia):
    assert len({crawl.stamp for crawl, _ in bolivia}) == len(bolivia)
    last = bolivia[-1][0]
    assert last.checkpoint["total_snapshots"] == len(bolivia)
    assert last.checkpoint["last_sell_ad_count"] == last.manifest["ads"]["sell"]


def test_usd_by_payment_method_is_a_sample(bolivia, census, replayed, captures):
    folder = bolivia[-1][0].folder

    def census_files():
        paths = [*folder.glob("raw/**/*.*"), folder / "checkpoint.json"]
        return {path: sha256(path.read_bytes()).hexdigest() for path in paths}

    before = census_files()
    crawl = census(replayed(), folder, fiats="USD", pay_types="Zinli")
    first = recordings_of(captures, "usdt_bob_usd_*.gz", fiat="USD", payTypes=["Zinli"])[:2]
    assert {market_of(recording)[2] for recording in first} == {"BUY", "SELL"}
    assert holds(crawl, first)
    assert (crawl.code, crawl.manifest["sample"]) == (0, True)
    assert crawl.root == folder / "samples"
    assert census_files() == before


def test_a_recorded_business_error_is_retried_once_and_fails_its_market(census, replayed):
    exchange = replayed()
    crawl = census(exchange, fiats="RUB", sides="SELL", pay_types="Unsupported", TIME_LAPSE=100)
    assert crawl.is_accounted_for()
    assert exchange.requests()["search"] == 2
    assert crawl.manifest["errors"] == {"business_error": 2}
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert crawl.verdicts == {("RUB", "USDT", "SELL"): "failed"}
    assert "083932" in crawl.ledger["RUB", "USDT", "SELL"]["error"]


def test_a_recorded_empty_page_is_a_complete_market_without_ads(census, replayed):
    crawl = census(replayed(), fiats="RUB")
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    for row in crawl.ledger.values():
        assert (row["verdict"], row["total_first"], row["rows"], row["pages"]) == (
            *("complete", 0, 0, 1),
        )
    assert crawl.ads == []
    assert list(crawl.alerts) == ["empty_batch"]
