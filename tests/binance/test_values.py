from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from p2p_scrapy.binance.drift import Drift
from p2p_scrapy.binance.values import Values, created_at_of

NAMES = {1: "FIXED", 2: "FLOATING"}


@pytest.fixture
def drift():
    return Drift([].append)


@pytest.fixture
def values(drift):
    return Values(drift)


@pytest.mark.parametrize(
    ("converter", "value", "read"),
    [
        ("text", "x", "x"),
        ("text", "", ""),
        ("text", None, None),
        ("whole", 7, 7),
        ("whole", -1, -1),
        ("whole", 2**63 - 1, 2**63 - 1),
        ("whole", None, None),
        ("flag", True, True),
        ("flag", False, False),
        ("flag", 1, True),
        ("flag", 0, False),
        ("flag", None, None),
        ("decimal", "56.78", 56.78),
        ("decimal", "-0.5", -0.5),
        ("decimal", "1e-7", 1e-07),
        ("decimal", "123456789012345", 123456789012345.0),
        ("decimal", "0.000000123456789012345", 1.23456789012345e-07),
        ("decimal", "100000000000000000000", 1e20),
        ("decimal", 3, 3.0),
        ("decimal", 0.25, 0.25),
        ("decimal", None, None),
        ("texts", ["a", None, "b"], ["a", None, "b"]),
        ("texts", [], []),
        ("texts", None, None),
        ("records", [{"a": 1}, {}], [{"a": 1}, {}]),
        ("records", [], []),
        ("records", None, None),
        ("milliseconds", 0, datetime(1970, 1, 1, tzinfo=UTC)),
        (
            "milliseconds",
            1_767_615_576_683,
            datetime(2026, 1, 5, 12, 19, 36, 683_000, tzinfo=UTC),
        ),
        ("milliseconds", None, None),
    ],
)
def test_what_fits_is_read_and_no_change(values, drift, converter, value, read):
    result = getattr(values, converter)(value, "adv.key")
    assert result == read
    assert type(result) is type(read)
    assert drift.counts == {}


@pytest.mark.parametrize(
    ("converter", "value"),
    [
        *(("text", value) for value in (1, 1.5, True, [], {})),
        *(("whole", value) for value in ("1", 1.0, True, [], {})),
        *(("flag", value) for value in (2, "true", "1", [], {}, 0.5)),
        *(("decimal", value) for value in (True, [], {})),
        *(
            ("decimal", value)
            for value in (
                *("", "abc", "1,5", "nan", "NaN", "inf", "-Infinity", "1e999", "-1e999"),
                *("1_000", "1_0.5", "0x10", "--1", "1.2.3", "1e"),
            )
        ),
        *(("texts", value) for value in ("ab", 1, {}, True)),
        *(("records", value) for value in ("ab", 1, {}, True)),
        *(("milliseconds", value) for value in ("1767615576683", 1.5, True, [])),
    ],
)
def test_what_does_not_fit_is_null_and_counted(values, drift, converter, value):
    assert getattr(values, converter)(value, "adv.key") is None
    assert drift.counts == {"type adv.key": 1}


@pytest.mark.parametrize(
    "converter", ["text", "whole", "flag", "decimal", "texts", "records", "milliseconds"]
)
def test_what_is_absent_is_null_and_missing(values, drift, converter):
    assert getattr(values, converter)(UNSET, "adv.key") is None
    assert drift.counts == {"missing adv.key": 1}


@pytest.mark.parametrize("count", [10**18, -(10**18)])
def test_a_moment_beyond_the_calendar_is_null_and_counted(values, drift, count):
    assert values.milliseconds(count, "adv.createTime") is None
    assert drift.counts == {"value adv.createTime": 1}


def test_a_text_in_a_list_that_is_none_is_null_by_itself(values, drift):
    assert values.texts(["a", 1, "b"], "advertiser.badges") == ["a", None, "b"]
    assert drift.counts == {"type advertiser.badges": 1}


def test_a_list_of_records_goes_without_what_is_none(values, drift):
    assert values.records([{"a": 1}, 2, None], "adv.tradeMethods") == [{"a": 1}]
    assert drift.counts == {"type adv.tradeMethods": 1}


@pytest.mark.parametrize(
    ("code", "name", "counts"),
    [
        (1, "FIXED", {}),
        (2, "FLOATING", {}),
        (None, None, {}),
        (3, None, {"value adv.priceType": 1}),
        ("1", None, {"type adv.priceType": 1}),
        (UNSET, None, {"missing adv.priceType": 1}),
    ],
)
def test_a_code_with_a_name(values, drift, code, name, counts):
    assert values.named(code, NAMES, "adv.priceType") == name
    assert drift.counts == counts


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("0.1234567890123456", True),
        ("1234567890123456", True),
        ("12345678901234.56", True),
        ("-1.234567890123456", True),
        ("1.234567890123456e10", True),
        ("123456789012345", False),
        ("0.00000000000000012", False),
        ("120000000000000000000", False),
        ("1.50000000000000000000", False),
        ("00000000000000000001.5", False),
    ],
)
def test_a_decimal_of_more_than_fifteen_digits_is_stored_and_counted(values, drift, text, is_long):
    assert values.decimal(text, "adv.price") == float(text)
    assert drift.counts == ({"long decimal adv.price": 1} if is_long else {})


@pytest.mark.parametrize("number", [1_234_567_890_123_456_789, 0.12345678901234567])
def test_a_json_number_of_more_than_fifteen_digits_is_stored_and_counted(values, drift, number):
    assert values.decimal(number, "adv.price") == float(number)
    assert drift.counts == {"long decimal adv.price": 1}


@pytest.mark.parametrize("number", [123_456_789_012_345, 0.123456789012345, 1e300, 5e-324, 0.0])
def test_a_json_number_of_up_to_fifteen_digits_is_no_change(values, drift, number):
    assert values.decimal(number, "adv.price") == number
    assert drift.counts == {}


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**15 - 1), st.integers(0, 12))
@example(999_999_999_999_999, 0)
@example(999_999_999_999_999, 12)
def test_a_decimal_of_up_to_fifteen_digits_survives_exactly(digits, places):
    drift = Drift([].append)
    text = f"{Decimal(digits).scaleb(-places):f}"
    number = Values(drift).decimal(text, "adv.price")
    assert Decimal(repr(number)) == Decimal(text)
    assert drift.counts == {}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_null_and_counted(text):
    drift = Drift([].append)
    number = Values(drift).decimal(text, "adv.price")
    if number is None:
        assert drift.counts == {"type adv.price": 1}
    else:
        assert abs(number) < float("inf")


OBSERVED_AT = datetime(2026, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ad_no", "created_at"),
    [
        ("13841467863856627712", datetime(2026, 1, 5, 12, 19, 36, 660_000, tzinfo=UTC)),
        ("12821906851588931584", datetime(2025, 11, 12, 12, 51, 7, 909_000, tzinfo=UTC)),
        ("11000000000000000000", datetime(2019, 8, 28, 12, 6, 44, 200_000, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("1384146786385662771", None),
        ("1384146786385662771200", None),
        ("1384146786385662771x", None),
        ("-3841467863856627712", None),
        ("13999999999999999999", None),
        ("131841467863856627712", None),
    ],
)
def test_the_creation_time_in_an_ad_number(ad_no, created_at):
    assert created_at_of(ad_no, OBSERVED_AT) == created_at


def test_a_number_of_twenty_one_digits_is_read_when_its_time_has_come():
    # 2**22 numbers a millisecond: nineteen digits begin in March 2027.
    assert created_at_of("131000000000000000000", datetime(2027, 3, 20, tzinfo=UTC)) == datetime(
        2027, 3, 18, 23, 29, 43, 301_000, tzinfo=UTC
    )


def test_a_creation_time_may_lead_the_look_by_less_than_a_day():
    created = datetime(2026, 1, 5, 12, 19, 36, 660_000, tzinfo=UTC)
    ad_no, day, moment = "13841467863856627712", timedelta(days=1), timedelta(microseconds=1)
    assert created_at_of(ad_no, created - day + moment) == created
    assert created_at_of(ad_no, created - day) is None
