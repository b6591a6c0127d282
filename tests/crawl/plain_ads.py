"""What has to be in each column, read from recordings by the product page's section 5 alone.

Nothing of p2p_scrapy.binance takes part in it.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

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
