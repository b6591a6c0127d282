import json

import pytest
from msgspec import UNSET

from p2p_scrapy.binance.drift import Drift


@pytest.fixture
def told():
    return []


@pytest.fixture
def drift(told):
    return Drift(told.append)


def test_each_change_is_counted_every_time_and_said_once(drift, told, caplog):
    for _ in range(3):
        drift.odd(UNSET, "adv.price")
        drift.odd(17, "adv.price")
        drift.odd_value(9, "adv.priceType")
        drift.tell()
    assert drift.counts == {"missing adv.price": 3, "type adv.price": 3, "value adv.priceType": 3}
    assert told == [
        "adv.price is missing; adv.price has another type; adv.priceType has no known meaning"
    ]
    assert caplog.messages == [
        f"The exchange's answers have changed: {each}: stored as null"
        for each in (
            "adv.price is missing",
            "adv.price has another type (17)",
            "adv.priceType has no known meaning (9)",
        )
    ]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_a_long_decimal_is_no_change_logged_once_counted_and_not_told(drift, told, caplog):
    for _ in range(3):
        drift.long_decimal("0.1234567890123456", "adv.price")
        drift.tell()
    assert drift.counts == {"long decimal adv.price": 3}
    assert caplog.messages == [
        "adv.price is 0.1234567890123456, longer than 15 digits: nearest is stored"
    ]
    assert told == []


def test_what_comes_later_is_told_by_itself(drift, told):
    drift.odd(UNSET, "adv.price")
    drift.tell()
    drift.odd(UNSET, "adv.price")
    drift.odd(UNSET, "adv.asset")
    drift.tell()
    drift.tell()
    assert told == ["adv.price is missing", "adv.asset is missing"]


def test_what_is_told_is_the_same_whatever_the_value(drift, told, caplog):
    drift.odd(["x" * 200], "adv.remarks")
    drift.tell()
    assert told == ["adv.remarks has another type"]
    (line,) = caplog.messages
    assert f"adv.remarks has another type (['{'x' * 78}): stored as null" in line


def test_unknown_keys_of_all_three_levels_are_logged_and_not_told(drift, told, entry, caplog):
    raw = json.dumps(entry(new=1, adv__new=2, advertiser__new=3)).encode()
    drift.look_for_unknown_keys(raw)
    drift.tell()
    assert sorted(drift.counts.items()) == [
        ("unknown adv.new", 1),
        ("unknown advertiser.new", 1),
        ("unknown new", 1),
    ]
    assert set(caplog.messages) == {
        f"The exchange's answers have changed: {path} is a key that no recording has: left out"
        for path in ("new", "adv.new", "advertiser.new")
    }
    assert told == []


def test_known_keys_are_no_change(drift, told, entry):
    drift.look_for_unknown_keys(json.dumps(entry()).encode())
    drift.tell()
    assert (drift.counts, told) == ({}, [])
