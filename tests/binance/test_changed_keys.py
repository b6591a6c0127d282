"""Keys that are missing, renamed, new, null or of another type: counted, and said once."""

import pytest
from msgspec import UNSET

from tests.binance.keys import KEYS


@pytest.mark.parametrize("path", KEYS)
def test_a_missing_key_is_null_counted_each_time_and_said_once(reader, entry, path):
    part, _, key = path.partition(".")
    lacking = entry()
    del lacking[part][key]
    page = reader.read_entries(lacking, lacking, lacking)
    assert [getattr(ad, KEYS[path]) for ad in page.entries] == [None] * 3
    assert reader.drift.counts == {f"missing {path}": 3}
    assert reader.told == [f"{path} is missing"]


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
    assert reader.told == [f"{path} has another type"]


@pytest.mark.parametrize("advertiser", ["absent", None])
def test_an_ad_without_an_advertiser_is_one_of_somebody_unknown(reader, entry, advertiser):
    lacking = entry(advertiser=advertiser)
    if advertiser == "absent":
        del lacking["advertiser"]
    page = reader.read_entries(lacking, lacking, entry())
    for ad in page.entries[:2]:
        assert (ad.price, ad.adv_no) == (58.1, "13908303176808550400")
        told = {name: getattr(ad, name) for path, name in KEYS.items() if "advertiser." in path}
        assert told == dict.fromkeys(told)
        assert (ad.user_positive_rate, ad.is_merchant) == (None, None)
    assert [ad.rank for ad in page.entries] == [1, 2, 3]
    assert page.entries[2].advertiser_name == "Natry_j6"
    assert reader.drift.counts == {"missing advertiser": 2}
    assert reader.told == ["advertiser is missing"]


@pytest.mark.parametrize(
    ("total", "change"),
    [
        (UNSET, "missing"),
        (None, "missing"),
        ("7", "type"),
        (7.0, "type"),
        (True, "type"),
        ([7], "type"),
        ({"value": 7}, "type"),
        (-1, "value"),
        (10_000_001, "value"),
        (2**63, "value"),
        (10**30, "value"),
    ],
)
def test_a_total_that_is_no_count_is_none_counted_each_time_and_said_once(reader, total, change):
    for number in (1, 2):
        assert reader.read(b"[]", number, total=total).total is None
    assert reader.drift.counts == {f"{change} total": 2}
    assert len(reader.told) == 1


@pytest.mark.parametrize("total", [0, 1406, 10_000_000])
def test_a_total_is_a_count(reader, total):
    assert reader.read(b"[]", total=total).total == total
    assert reader.drift.counts == {}


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


def test_unknown_keys_are_looked_for_once_a_page(reader, entry):
    new = entry(adv__newKey=1, advertiser__other=2, third=3)
    for number in (1, 2, 3):
        reader.read_entries(new, new, number=number)
    assert reader.drift.counts == {
        "unknown third": 3,
        "unknown adv.newKey": 3,
        "unknown advertiser.other": 3,
    }
    assert reader.told == []


def test_changes_of_a_page_are_told_together_and_those_of_the_next_apart(reader, entry):
    lacking = entry(adv__payTimeLimit="15")
    del lacking["adv"]["price"]
    reader.read_entries(lacking, entry(adv__priceType=9, adv__newKey=1))
    first = "adv.price is missing; adv.payTimeLimit has another type; adv.priceType has no known"
    assert [set(news.split("; ")) for news in reader.told] == [set(f"{first} meaning".split("; "))]
    reader.read_entries(lacking, entry(adv__price="0.1234567890123456"))
    assert len(reader.told) == 1
    reader.read_entries(lacking, entry(adv__priceType="1"))
    assert reader.told[1:] == ["adv.priceType has another type"]
