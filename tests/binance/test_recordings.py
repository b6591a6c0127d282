"""Every column of every recorded ad against a second, independent reading of the same JSON."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from items import AD_COLUMNS, Ad, Side
from p2p_scrapy.binance.answers import BusinessError
from p2p_scrapy.binance.values import created_at_of

SEARCHES = ["usdt_bob_usd_page1_2026-*.gz", "kzt_buy_*.gz", "try_buy_*.gz"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TEXTS = {
    "trade_type": "tradeType",
    "adv_no": "advNo",
    "asset": "asset",
    "fiat": "fiatUnit",
    "classify": "classify",
}
DECIMALS = {
    "price": "price",
    "surplus_amount": "surplusAmount",
    "min_amount": "minSingleTransAmount",
    "max_amount": "maxSingleTransAmount",
    "tradable_quantity": "tradableQuantity",
    "min_quantity": "minSingleTransQuantity",
    "max_quantity": "maxSingleTransQuantity",
    "dynamic_max_amount": "dynamicMaxSingleTransAmount",
    "dynamic_max_quantity": "dynamicMaxSingleTransQuantity",
    "commission_rate": "commissionRate",
}
OF_ADVERTISER = {
    "advertiser_no": "userNo",
    "advertiser_name": "nickName",
    "advertiser_type": "userType",
    "month_order_count": "monthOrderCount",
    "user_grade": "userGrade",
    "user_identity": "userIdentity",
    "badges": "badges",
    "vip_level": "vipLevel",
    "active_seconds_ago": "activeTimeInSecond",
}
RATES = {
    "month_finish_rate": "monthFinishRate",
    "positive_rate": "positiveRate",
    "user_positive_rate": "userPositiveRate",
}


def plain_number(value: float | Decimal | str | None) -> str | None:
    """The one text that a number has, whatever zeros it was written with."""
    if value is None:
        return None
    text = repr(value) if isinstance(value, float) else str(value)
    return format(Decimal(text).normalize(), "f")


def plain_reading(item: dict[str, Any], rank: int | None, seen_at: datetime) -> dict[str, Any]:
    """What each column has to hold, by the product page's section 5; numbers as plain text."""
    adv, advertiser = item["adv"], item["advertiser"]
    methods = adv["tradeMethods"]
    created = (int(adv["advNo"][2:]) >> 22) + 1_566_994_004_200
    kyc, identity = adv.get("takerAdditionalKycRequired"), advertiser.get("userType")
    expected = {column: adv.get(key) for column, key in TEXTS.items()}
    expected |= {column: plain_number(adv.get(key)) for column, key in DECIMALS.items()}
    expected |= {column: advertiser.get(key) for column, key in OF_ADVERTISER.items()}
    expected |= {column: plain_number(advertiser.get(key)) for column, key in RATES.items()}
    return expected | {
        "snapshot_id": f"20260605T133000Z_{adv['tradeType']}",
        "fetched_at": datetime(2026, 6, 5, 13, 30, tzinfo=UTC),
        "fetched_date": "2026-06-05",
        "payment_methods": [each["payType"] or each["identifier"] for each in methods],
        "payment_method_ids": [each["identifier"] for each in methods],
        "payment_method_names": [each["tradeMethodName"] for each in methods],
        "ad_created_at": EPOCH + timedelta(milliseconds=adv["createTime"] or created),
        "ad_created_at_source": "api" if adv["createTime"] else "adv_no",
        "price_type": {1: "FIXED", 2: "FLOATING", None: None}[adv["priceType"]],
        "batch_id": "batch-1",
        "venue": "binance",
        "observed_at": seen_at,
        "search_side": {"BUY": "SELL", "SELL": "BUY"}[adv["tradeType"]],
        "rank": rank,
        "page": 1,
        "is_promoted": item.get("privilegeType") in (2, 8),
        "privilege_type": item.get("privilegeType"),
        "pay_time_limit_minutes": adv.get("payTimeLimit"),
        "is_merchant": identity == "merchant",
        "taker_kyc_required": None if kyc is None else kyc == 1,
    }


def plain_page(body: bytes, seen_at: datetime) -> list[dict[str, Any]]:
    data = json.loads(body, parse_float=Decimal)["data"]
    ranks = iter(range(1, len(data) + 1))
    return [
        plain_reading(item, None if item.get("privilegeType") in (2, 8) else next(ranks), seen_at)
        for item in data
    ]


def as_plain(ad: Ad) -> dict[str, Any]:
    """An ad's columns, floats by their shortest text."""
    row = dict(zip(AD_COLUMNS, ad.row(), strict=True))
    numbers = {column: plain_number(row[column]) for column in (*DECIMALS, *RATES)}
    assert all(type(row[column]) in (float, type(None)) for column in numbers)
    return row | numbers


@pytest.mark.parametrize("pattern", SEARCHES)
def test_every_column_of_every_recorded_ad(pattern, recordings, new_reader):
    for recording in recordings(pattern):
        if not recording.request["path"].endswith("/adv/search"):
            continue
        page = recording.page(new_reader())
        expected = plain_page(recording.body, recording.seen_at)
        if pattern.startswith("try"):  # its request was rebuilt, with the advertiser's side
            expected = [
                each | {"search_side": "BUY", "snapshot_id": "20260605T133000Z_SELL"}
                for each in expected
            ]
        where = f"{recording.file}:{recording.line}"
        assert [as_plain(ad) for ad in page.entries] == expected, where
        assert page.total == json.loads(recording.body)["total"], where


def test_the_recordings_of_2026_hold_what_the_tests_rest_on(recordings, new_reader):
    pages = [each.page(new_reader()) for each in recordings("usdt_bob_usd_page1_2026-*.gz")]
    assert len(pages) == 46
    ads = [ad for page in pages for ad in page.entries]
    assert len(ads) == sum(len(page.entries) for page in pages)
    assert {ad.privilege_type for ad in ads} == {None, 1, 8}
    assert {len(page.entries) for page in pages} == {20, 21}


def test_the_side_of_a_recorded_ad_is_opposite_to_the_request(recordings, new_reader):
    for recording in recordings("usdt_bob_usd_page1_2026-*.gz"):
        page = recording.page(new_reader())
        asked = recording.request["body"]["tradeType"]
        assert {ad.search_side for ad in page.entries} == {asked}
        assert {ad.trade_type for ad in page.entries} == {Side(asked).opposite.value}


def test_promoted_rows_have_no_rank_and_the_others_count_on(recordings, new_reader):
    promoted = 0
    for recording in recordings("usdt_bob_usd_page1_2026-*.gz"):
        page = recording.page(new_reader())
        natural = [ad.rank for ad in page.entries if not ad.is_promoted]
        assert natural == list(range(1, 21))
        extra = [(ad.privilege_type, ad.rank) for ad in page.entries if ad.is_promoted]
        assert extra in ([], [(8, None)])
        promoted += len(extra)
    assert promoted == 28


def test_natural_rows_are_ordered_by_price(recordings, new_reader):
    for recording in recordings("usdt_bob_usd_page1_2026-*.gz"):
        page = recording.page(new_reader())
        prices = [ad.price for ad in page.entries if not ad.is_promoted]
        if recording.market.side is Side.SELL:
            assert all(better <= worse for better, worse in pairwise(prices))
        else:
            assert all(better >= worse for better, worse in pairwise(prices))


def test_nothing_of_2026_is_taken_for_a_change(recordings, reader):
    for recording in recordings("usdt_bob_usd_page1_2026-*.gz"):
        recording.page(reader)
    assert reader.drift.counts == {}
    assert reader.told == []


def test_what_2022_lacks_is_counted_for_each_ad_and_said_once(recordings, reader):
    (recording,) = recordings("try_buy_*.gz")
    page = recording.page(reader)
    keys = json.loads(recording.body)["data"][0]
    lacking = {
        "adv.takerAdditionalKycRequired": keys["adv"],
        "advertiser.positiveRate": keys["advertiser"],
        "advertiser.badges": keys["advertiser"],
        "advertiser.vipLevel": keys["advertiser"],
        "advertiser.activeTimeInSecond": keys["advertiser"],
        "adv.tradableQuantity": keys["adv"],
    }
    missing = {path for path, part in lacking.items() if path.partition(".")[2] not in part}
    assert missing
    counts = reader.drift.counts
    assert {name for name in counts if name.startswith("missing ")} == {
        f"missing {path}" for path in missing
    }
    assert all(counts[f"missing {path}"] == 10 for path in missing)
    assert set("; ".join(reader.told).split("; ")) == {f"{path} is missing" for path in missing}
    assert all(ad.payment_methods == ad.payment_method_ids for ad in page.entries)


def test_a_recorded_business_error_and_an_empty_page(recordings, new_reader):
    declined, empty = recordings("failures.jsonl.gz")
    with pytest.raises(BusinessError, match="083932"):
        _ = declined.envelope
    page = empty.page(new_reader())
    assert (page.entries, page.total) == ([], 0)


def test_ads_of_a_profile_have_price_types_and_creation_times(recordings, reader):
    (recording,) = recordings("profile_inr_*.gz")
    profile = json.loads(recording.body)["data"]
    ads = profile["sellList"] + profile["buyList"]
    page = reader.read_entries(*({"adv": ad, "advertiser": {}} for ad in ads))
    assert len(page.entries) == 15
    for ad, recorded in zip(page.entries, ads, strict=True):
        assert ad.ad_created_at == EPOCH + timedelta(milliseconds=recorded["createTime"])
        assert ad.ad_created_at_source == "api"
        assert ad.price_type == {1: "FIXED", 2: "FLOATING"}[recorded["priceType"]]
        assert plain_number(ad.commission_rate) == plain_number(recorded["commissionRate"])
    assert {ad.price_type for ad in page.entries} == {"FIXED", "FLOATING"}


def test_the_time_in_an_ad_number_is_the_creation_time_of_the_profile_to_the_known_error(
    recordings,
):
    (recording,) = recordings("profile_inr_*.gz")
    profile = json.loads(recording.body)["data"]
    errors = []
    for ad in profile["sellList"] + profile["buyList"]:
        assert ad["advNo"][:2] in ("12", "13")
        decoded = created_at_of(ad["advNo"], recording.seen_at)
        created = EPOCH + timedelta(milliseconds=ad["createTime"])
        errors.append((created - decoded) / timedelta(milliseconds=1))
    assert len(errors) == 15
    assert min(errors) == -106
    assert max(errors) == 32
    assert all(-134 <= error <= 56 for error in errors)
