from pathlib import Path

import pytest

from p2p_scrapy.exchange import ExchangeOptions
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.fault import Fault, parse_fault
from p2p_scrapy.exchange.fault_kinds import KINDS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ads", -1),
        ("markets", 0),
        ("fiats", ("XXX",)),
        ("assets", ("SHIB",)),
        ("latency", -0.1),
        ("latency", float("nan")),
        ("latency", "fast"),
        ("churn", 1.1),
        ("limit", -5),
        ("admit", "robots"),
        ("retry_after", "soon"),
        ("retry_after_seconds", -1),
        ("slow_seconds", -1),
        ("replay", Path("/no/such/folder")),
        ("time_lapse", 0),
    ],
)
def test_refuses_a_value_that_cannot_be(name, value):
    with pytest.raises(OptionError) as refused:
        ExchangeOptions(**{name: value})
    assert refused.value.name == name
    assert str(refused.value).startswith(f"--{name.replace('_', '-')} is {value!r}, but must be ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("html403=1", Fault("html403", 1.0)),
        ("cut=0.25@VES", Fault("cut", 0.25, "VES")),
        ("cut=0.25@ves/usdt", Fault("cut", 0.25, "VES", "USDT")),
        ("cut=0@VES/USDT/SELL", Fault("cut", 0.0, "VES", "USDT", "SELL")),
    ],
)
def test_reads_a_fault(text, fault):
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("fire=1", "one of " + ", ".join(sorted(KINDS))),
        ("cut", "a number from 0 to 1"),
        ("cut=2", "a number from 0 to 1"),
        ("cut=nan", "a number from 0 to 1"),
        ("cut=often", "a number from 0 to 1"),
        ("cut=1@", "KIND=SHARE@FIAT"),
        ("cut=1@VES/USDT/SELL/1", "KIND=SHARE@FIAT"),
        ("cut=1@VES/USDT/BOTH", "SIDE BUY or SELL"),
        ("cut=1@VEZ", "FIAT one of AED AFN "),
        ("cut=1@VES/USTD", "ASSET one of BNB BTC "),
    ],
)
def test_refuses_a_fault_and_says_what_is_allowed(text, allowed):
    with pytest.raises(OptionError) as refused:
        ExchangeOptions(faults=(text,))
    assert text in str(refused.value)
    assert allowed in str(refused.value)


def test_a_fault_reaches_only_its_markets():
    fault = parse_fault("cut=1@VES/USDT")
    assert fault.matches("VES", "USDT", "BUY")
    assert not fault.matches("VES", "BTC", "BUY")
    assert not fault.matches("BOB", "USDT", "BUY")


def test_recorded_ads_cannot_move(tmp_path):
    with pytest.raises(OptionError, match="recorded ads do not move"):
        ExchangeOptions(replay=tmp_path, faults=("moving-ads=1",))
