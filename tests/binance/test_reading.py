import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items import Ad, Market, Side, UnreadableAd
from p2p_scrapy.binance.answers import BrokenJsonError, Envelope

INT64 = st.integers(-(2**63), 2**63 - 1)
SCALARS = st.none() | st.booleans() | INT64 | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_a_whole_entry(reader, entry, market, now):
    page = reader.read_entries(entry())
    (ad,) = page.entries
    started_at = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
    assert (page.market, page.number, page.observed_at) == (market, 1, now)
    assert ad == Ad(
        snapshot_id="20260605T133000Z_SELL",
        fetched_at=started_at,
        fetched_date="2026-06-05",
        trade_type="SELL",
        adv_no="13908303176808550400",
        asset="USDT",
        fiat="VES",
        price=58.1,
        surplus_amount=119.03,
        min_amount=40.0,
        max_amount=4000.0,
        tradable_quantity=118.73,
        advertiser_no="s5ab84cca97b5a72c6f0972a0b834196e",
        advertiser_name="Natry_j6",
        advertiser_type="merchant",
        month_order_count=21,
        month_finish_rate=0.914,
        positive_rate=1.0,
        user_positive_rate=None,
        payment_methods=["BANESCO", "PagoMovil"],
        payment_method_ids=["Banesco", "PagoMovil"],
        ad_created_at=None,
        price_type=None,
        batch_id="batch-1",
        venue="binance",
        observed_at=now,
        search_side="BUY",
        rank=1,
        page=1,
        is_promoted=False,
        privilege_type=None,
        classify="profession",
        min_quantity=0.68,
        max_quantity=68.84,
        dynamic_max_amount=3999.0,
        dynamic_max_quantity=68.83,
        pay_time_limit_minutes=15,
        is_merchant=True,
        user_grade=3,
        user_identity="MASS_MERCHANT",
        badges=["Pro", None],
        vip_level=2,
        active_seconds_ago=81,
        payment_method_names=["Banesco Banco", None],
        commission_rate=None,
        ad_created_at_source=None,
        taker_kyc_required=True,
        market=market,
        raw=json.dumps(entry()).encode(),
    )
    assert reader.drift.counts == {}


@pytest.mark.parametrize(
    ("side", "snapshot", "search_side"),
    [(Side.BUY, "20260605T133000Z_BUY", "SELL"), (Side.SELL, "20260605T133000Z_SELL", "BUY")],
)
def test_the_snapshot_and_the_search_are_of_the_market_asked_for(
    reader, entry, side, snapshot, search_side
):
    data = json.dumps([entry()]).encode()
    (ad,) = reader.read(data, market=Market("USDT", "VES", side)).entries
    assert (ad.snapshot_id, ad.search_side, ad.trade_type) == (snapshot, search_side, "SELL")


def test_the_creation_time_that_the_exchange_tells_goes_before_the_number(reader, entry):
    told = entry(adv__createTime=1_767_615_576_706, adv__advNo="13841467863856627712")
    (ad,) = reader.read_entries(told).entries
    assert ad.ad_created_at == datetime(2026, 1, 5, 12, 19, 36, 706_000, tzinfo=UTC)
    assert ad.ad_created_at_source == "api"


def test_the_creation_time_is_else_that_of_the_number(reader, entry):
    (ad,) = reader.read_entries(entry(adv__advNo="13841467863856627712")).entries
    assert ad.ad_created_at == datetime(2026, 1, 5, 12, 19, 36, 660_000, tzinfo=UTC)
    assert ad.ad_created_at_source == "adv_no"


@pytest.mark.parametrize(
    ("number", "first_rank"), [(1, 1), (2, 21), (70, 1381)], ids=["first", "second", "deep"]
)
def test_ranks_count_on_from_page_to_page(reader, entry, number, first_rank):
    page = reader.read_entries(*(entry() for _ in range(20)), number=number)
    assert [ad.rank for ad in page.entries] == list(range(first_rank, first_rank + 20))
    assert {ad.page for ad in page.entries} == {number}


@pytest.mark.parametrize(
    ("privilege", "promoted"),
    [(8, True), (2, True), (1, False), (0, False), (None, False), (3, False)],
)
def test_only_promoted_and_featured_rows_are_extra(reader, entry, privilege, promoted):
    page = reader.read_entries(entry(privilegeType=privilege), entry())
    extra, natural = page.entries
    assert (extra.is_promoted, extra.rank) == ((True, None) if promoted else (False, 1))
    assert (natural.is_promoted, natural.rank) == (False, 1 if promoted else 2)
    assert extra.privilege_type == privilege


def test_a_privilege_of_another_type_is_a_natural_row_and_said(reader, entry):
    (ad,) = reader.read_entries(entry(privilegeType="8")).entries
    assert (ad.rank, ad.is_promoted, ad.privilege_type) == (1, False, None)
    assert reader.drift.counts == {"type privilegeType": 1}


def test_an_unreadable_entry_takes_its_rank_and_costs_only_itself(reader, entry, market, now):
    page = reader.read_entries(entry(), "no ad", entry())
    first, bad, last = page.entries
    assert (first.rank, last.rank) == (1, 3)
    assert bad == UnreadableAd(market, 1, now, "Expected `object`, got `str`", b'"no ad"')


@pytest.mark.parametrize("bad", [None, 0, "text", [], {}, {"adv": {}}, {"advertiser": {}}])
def test_what_is_no_ad_is_unreadable(reader, bad):
    (entry,) = reader.read_entries(bad).entries
    assert isinstance(entry, UnreadableAd)
    assert json.loads(entry.raw) == bad


@pytest.mark.parametrize("part", ["adv", "advertiser"])
def test_an_entry_whose_halves_are_no_objects_is_unreadable(reader, entry, part):
    (read,) = reader.read_entries(entry(**{part: []})).entries
    assert isinstance(read, UnreadableAd)
    assert part in read.error


@pytest.mark.parametrize("data", [b"{}", b'"x"', b"1", b"true"])
def test_data_that_is_no_list_is_broken(reader, data):
    with pytest.raises(BrokenJsonError, match="the data of USDT/VES SELL page 1: Expected"):
        reader.read(data)


def test_an_empty_page(reader, market, now):
    page = reader.pages.page(Envelope(msgspec.Raw(b"[]"), 7), market, 3, now)
    assert (page.entries, page.total, page.number) == ([], 7, 3)


KEYS = {
    "adv.advNo": "adv_no",
    "adv.classify": "classify",
    "adv.tradeType": "trade_type",
    "adv.asset": "asset",
    "adv.fiatUnit": "fiat",
    "adv.price": "price",
    "adv.surplusAmount": "surplus_amount",
    "adv.tradableQuantity": "tradable_quantity",
    "adv.maxSingleTransAmount": "max_amount",
    "adv.minSingleTransAmount": "min_amount",
    "adv.payTimeLimit": "pay_time_limit_minutes",
    "adv.tradeMethods": "payment_methods",
    "adv.createTime": "ad_created_at",
    "adv.priceType": "price_type",
    "adv.takerAdditionalKycRequired": "taker_kyc_required",
    "adv.dynamicMaxSingleTransAmount": "dynamic_max_amount",
    "adv.minSingleTransQuantity": "min_quantity",
    "adv.maxSingleTransQuantity": "max_quantity",
    "adv.dynamicMaxSingleTransQuantity": "dynamic_max_quantity",
    "adv.commissionRate": "commission_rate",
    "advertiser.userNo": "advertiser_no",
    "advertiser.nickName": "advertiser_name",
    "advertiser.userType": "advertiser_type",
    "advertiser.monthOrderCount": "month_order_count",
    "advertiser.monthFinishRate": "month_finish_rate",
    "advertiser.positiveRate": "positive_rate",
    "advertiser.userGrade": "user_grade",
    "advertiser.userIdentity": "user_identity",
    "advertiser.badges": "badges",
    "advertiser.vipLevel": "vip_level",
    "advertiser.activeTimeInSecond": "active_seconds_ago",
}


@pytest.mark.parametrize("path", KEYS)
def test_a_missing_key_is_null_counted_each_time_and_said_once(reader, entry, path):
    part, _, key = path.partition(".")
    lacking = entry()
    del lacking[part][key]
    page = reader.read_entries(lacking, lacking, lacking)
    assert [getattr(ad, KEYS[path]) for ad in page.entries] == [None] * 3
    assert reader.drift.counts == {f"missing {path}": 3}
    assert reader.said == [f"{path} is missing: stored as null"]


@pytest.mark.parametrize("path", KEYS)
def test_a_renamed_key_is_a_missing_one_and_an_unknown_one(reader, entry, path):
    part, _, key = path.partition(".")
    renamed = entry()
    renamed[part][f"{key}V2"] = renamed[part].pop(key)
    (ad,) = reader.read_entries(renamed).entries
    assert getattr(ad, KEYS[path]) is None
    assert reader.drift.counts == {f"missing {path}": 1, f"unknown {path}V2": 1}


@pytest.mark.parametrize("path", KEYS)
def test_a_key_of_another_type_is_null_counted_each_time_and_said_once(reader, entry, path):
    part, _, key = path.partition(".")
    odd = {"nested": True}
    page = reader.read_entries(*(entry(**{f"{part}__{key}": odd}) for _ in range(2)))
    assert [getattr(ad, KEYS[path]) for ad in page.entries] == [None] * 2
    assert reader.drift.counts == {f"type {path}": 2}
    assert len(reader.said) == 1


@pytest.mark.parametrize("path", KEYS)
def test_a_null_is_no_change(reader, entry, path):
    part, _, key = path.partition(".")
    (ad,) = reader.read_entries(entry(**{f"{part}__{key}": None})).entries
    assert getattr(ad, KEYS[path]) is None
    assert reader.drift.counts == {}


def test_without_methods_all_three_lists_are_null(reader, entry):
    (ad,) = reader.read_entries(entry(adv__tradeMethods=None)).entries
    assert ad.payment_methods is ad.payment_method_ids is ad.payment_method_names is None
    (ad,) = reader.read_entries(entry(adv__tradeMethods=[])).entries
    assert (ad.payment_methods, ad.payment_method_ids, ad.payment_method_names) == ([], [], [])


def test_a_method_that_is_no_object_is_left_out_and_said(reader, entry):
    method = {"payType": "A", "identifier": "a", "tradeMethodName": "An A"}
    (ad,) = reader.read_entries(entry(adv__tradeMethods=["x", method])).entries
    assert (ad.payment_methods, ad.payment_method_ids) == (["A"], ["a"])
    assert ad.payment_method_names == ["An A"]
    assert reader.drift.counts == {"type adv.tradeMethods": 1}


def test_keys_that_methods_lack_are_said(reader, entry):
    (ad,) = reader.read_entries(entry(adv__tradeMethods=[{}])).entries
    assert (ad.payment_methods, ad.payment_method_ids) == ([None], [None])
    assert reader.drift.counts == {
        f"missing adv.tradeMethods[].{key}": 1
        for key in ("identifier", "payType", "tradeMethodName")
    }


@pytest.mark.parametrize(
    ("user_type", "is_merchant"), [("merchant", True), ("user", False), (None, None), ("", False)]
)
def test_merchants(reader, entry, user_type, is_merchant):
    (ad,) = reader.read_entries(entry(advertiser__userType=user_type)).entries
    assert ad.is_merchant is is_merchant


def test_a_user_positive_rate_is_read_where_it_is_told(reader, entry):
    (ad,) = reader.read_entries(entry(advertiser__userPositiveRate=0.75)).entries
    assert ad.user_positive_rate == 0.75
    assert reader.drift.counts == {}


def test_unknown_keys_are_looked_for_once_a_page(reader, entry):
    new = entry(adv__newKey=1, advertiser__other=2, third=3)
    for number in (1, 2, 3):
        reader.read_entries(new, new, number=number)
    assert reader.drift.counts == {
        "unknown third": 3,
        "unknown adv.newKey": 3,
        "unknown advertiser.other": 3,
    }
    assert len(reader.said) == 3


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=5))
def test_any_json_in_place_of_entries_costs_no_entry(new_reader, entries):
    page = new_reader().read(json.dumps(entries).encode())
    assert [json.loads(entry.raw) for entry in page.entries] == entries
    assert all(isinstance(entry, UnreadableAd) for entry in page.entries)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_any_json_in_place_of_the_data_is_a_page_or_broken(new_reader, data):
    text = json.dumps(data).encode()
    if isinstance(data, list):
        assert len(new_reader().read(text).entries) == len(data)
    else:
        with pytest.raises(BrokenJsonError):
            new_reader().read(text)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(KEYS)), JSON, max_size=8),
    st.sets(st.sampled_from(sorted(KEYS)), max_size=8),
    JSON,
)
def test_any_json_in_place_of_values_costs_only_values(
    new_reader, entry, changed, removed, privilege
):
    built = entry(privilegeType=privilege)
    for path, value in changed.items():
        part, _, key = path.partition(".")
        built[part][key] = value
    for path in removed:
        part, _, key = path.partition(".")
        built[part].pop(key)
    reader = new_reader()
    (ad,) = reader.read_entries(built).entries
    assert isinstance(ad, Ad)
    assert all(reader.drift.counts[f"missing {path}"] == 1 for path in removed)
    assert all(getattr(ad, KEYS[path]) is None for path in removed)
    assert len(reader.said) == len(reader.drift.counts)


def _with(entry, value: bytes, key: str = "adv__price") -> bytes:
    """The data of one entry in which a value is replaced by JSON text."""
    return json.dumps([entry(**{key: "@"})]).encode().replace(b'"@"', value)


def test_bytes_that_are_no_utf8_cost_only_their_entry(reader, entry):
    sound = json.dumps(entry()).encode()
    data = b"[" + _with(entry, b'"\xff"', "adv__advNo")[1:-1] + b"," + sound + b"]"
    bad, good = reader.read(data).entries
    assert isinstance(bad, UnreadableAd)
    assert isinstance(good, Ad)


def test_bytes_that_are_no_utf8_under_an_unread_key_cost_nothing(reader, entry):
    (ad,) = reader.read(_with(entry, b'"\xff"', "adv__remarks")).entries
    assert ad.price == 58.1


def test_a_whole_number_beyond_float64_is_null_and_said(reader, entry):
    (ad,) = reader.read(_with(entry, b"1" + b"0" * 400)).entries
    assert ad.price is None
    assert reader.drift.counts == {"type adv.price": 1}


@pytest.mark.parametrize("key", ["adv__payTimeLimit", "advertiser__monthOrderCount"])
def test_a_whole_number_beyond_int64_is_null_and_said(reader, entry, key):
    (ad,) = reader.read_entries(entry(**{key: 2**63})).entries
    assert None in (ad.pay_time_limit_minutes, ad.month_order_count)
    assert reader.drift.counts == {f"value {key.replace('__', '.')}": 1}


@pytest.mark.parametrize("value", [b"1e999", b"1" + b"0" * 5000], ids=["float", "int"])
def test_a_number_beyond_measure_under_an_unread_key_costs_nothing(reader, entry, value):
    (ad,) = reader.read(_with(entry, value, "adv__remarks")).entries
    assert ad.price == 58.1
