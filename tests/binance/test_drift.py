import json

import pytest
from msgspec import UNSET

from p2p_scrapy.binance.drift import Drift


@pytest.fixture
def said():
    return []


@pytest.fixture
def drift(said):
    return Drift(said.append)


def test_each_change_is_counted_every_time_and_said_once(drift, said, caplog):
    for _ in range(3):
        drift.odd(UNSET, "adv.price")
        drift.odd(17, "adv.price")
        drift.odd_value(9, "adv.priceType")
        drift.long_decimal("0.1234567890123456", "adv.price")
    sentences = [
        "adv.price is missing: stored as null",
        "adv.price has another type (17): stored as null",
        "adv.priceType is 9, which has no known meaning: null",
        "adv.price is 0.1234567890123456, longer than 15 digits: nearest is stored",
    ]
    assert drift.counts == {
        "missing adv.price": 3,
        "type adv.price": 3,
        "value adv.priceType": 3,
        "long decimal adv.price": 3,
    }
    assert said == sentences
    assert caplog.messages == [f"The exchange's answers have changed: {each}" for each in sentences]
    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_a_long_value_is_shown_in_part(drift, said):
    drift.odd(["x" * 200], "adv.remarks")
    assert said == [f"adv.remarks has another type (['{'x' * 78}): stored as null"]


def test_unknown_keys_of_all_three_levels(drift, said, entry):
    raw = json.dumps(entry(new=1, adv__new=2, advertiser__new=3)).encode()
    drift.look_for_unknown_keys(raw)
    assert sorted(drift.counts.items()) == [
        ("unknown adv.new", 1),
        ("unknown advertiser.new", 1),
        ("unknown new", 1),
    ]
    assert set(said) == {
        f"{path} is a key that no recording has: left out"
        for path in ("new", "adv.new", "advertiser.new")
    }


def test_known_keys_are_no_change(drift, said, entry):
    drift.look_for_unknown_keys(json.dumps(entry()).encode())
    assert (drift.counts, said) == ({}, [])
