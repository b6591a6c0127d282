import gzip
import json
from decimal import Decimal

import pytest

from p2p_scrapy.exchange import ExchangeOptions
from p2p_scrapy.exchange.entry import render, render_privileged
from p2p_scrapy.exchange.world import World


@pytest.fixture(scope="module")
def entries():
    world = World(ExchangeOptions(ads=12_000))
    return [json.loads(render(ad)) for ad in (*world.ads, *world.extras())]


@pytest.fixture(scope="module")
def recorded(captures):
    pages = (captures / "usdt_bob_usd_page1_2026-08-14.jsonl.gz").read_bytes()
    lines = gzip.decompress(pages).splitlines()
    return [entry for line in lines for entry in json.loads(line)["response"]["body"]["data"]]


def types_of(objects, key):
    return {type(each[key]) for each in objects}


def test_has_the_keys_of_recorded_entries_in_their_order(entries, recorded):
    ours, theirs = entries[0], recorded[0]
    assert list(ours) == list(theirs)
    for part in ("adv", "advertiser"):
        assert list(ours[part]) == list(theirs[part])
    assert list(ours["adv"]["tradeMethods"][0]) == list(theirs["adv"]["tradeMethods"][0])
    assert (len(ours["adv"]), len(ours["advertiser"])) == (81, 25)


@pytest.mark.parametrize("part", ["adv", "advertiser"])
def test_has_the_types_and_nulls_of_recorded_entries(entries, recorded, part):
    rare = {"voucherTemplate", "advSystemLabelRet", "proMerchant"}
    ours, theirs = [e[part] for e in entries], [e[part] for e in recorded]
    for key in theirs[0]:
        if key not in rare:
            assert types_of(ours, key) == types_of(theirs, key), key


def test_some_values_are_null_now_and_then(entries):
    methods = [method for entry in entries for method in entry["adv"]["tradeMethods"]]
    unnamed = sum(method["tradeMethodName"] is None for method in methods)
    assert 0 < unnamed < 0.01 * len(methods)
    short = sum(method["tradeMethodShortName"] is None for method in methods)
    assert 0.3 < short / len(methods) < 0.7
    assert any(entry["adv"]["advSystemLabelRet"] for entry in entries)
    assert any(entry["advertiser"]["proMerchant"] for entry in entries)


def test_the_invariants_of_recorded_ads_hold(entries):
    for entry in entries:
        adv = {k: Decimal(v) for k, v in entry["adv"].items() if _is_number(v)}
        ulp = Decimal(1).scaleb(-entry["adv"]["assetScale"])
        assert adv["tradableQuantity"] <= adv["surplusAmount"]
        if entry["adv"]["tradeType"] == "BUY":
            assert adv["tradableQuantity"] == adv["surplusAmount"]
        least, dynamic, most = (
            adv[f"{name}SingleTransAmount"] for name in ("min", "dynamicMax", "max")
        )
        assert 1 <= least <= dynamic <= most
        assert dynamic == min(most, int(adv["tradableQuantity"] * adv["price"]))
        for name, amount in (("min", least), ("max", most)):
            quantity = adv[f"{name}SingleTransQuantity"]
            assert abs(quantity - amount / adv["price"]) <= 2 * ulp
        assert adv["dynamicMaxSingleTransQuantity"] == min(
            adv["maxSingleTransQuantity"], adv["tradableQuantity"]
        )


def _is_number(value):
    return isinstance(value, str) and value.replace(".", "", 1).isdigit()


def test_decimals_have_the_scale_that_the_ad_says_and_at_most_15_digits(entries):
    for entry in entries:
        adv = entry["adv"]
        assert _decimals(adv["price"]) == adv["priceScale"]
        assert _decimals(adv["surplusAmount"]) == adv["assetScale"]
        for key, value in adv.items():
            if _is_number(value) and key != "advNo":
                assert len(value.replace(".", "").lstrip("0")) <= 15, (key, value)


def _decimals(text):
    return len(text.partition(".")[2])


def test_payment_methods_are_one_to_five_and_named_by_identifier(entries):
    for entry in entries:
        methods = entry["adv"]["tradeMethods"]
        assert 1 <= len(methods) <= 5
        assert len({method["identifier"] for method in methods}) == len(methods)
        assert all(method["payType"] == method["identifier"] for method in methods)


def test_a_privilege_stands_at_the_end_of_the_entry():
    ad = World(ExchangeOptions(markets=1, ads=1)).ads[0]
    plain, promoted = json.loads(render(ad)), json.loads(render_privileged(ad, 8))
    assert promoted == plain | {
        "privilegeDesc": "Promoted Ad",
        "privilegeType": 8,
        "privilegeTypeAdTotalCount": 1,
    }
    assert list(promoted) == list(plain)
    leading = json.loads(render_privileged(ad, 1))
    assert leading == plain | {"privilegeType": 1}
