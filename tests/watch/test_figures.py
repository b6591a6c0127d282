from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p2p_scrapy.watch import figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (58.0, "58.00"),
        (58.1, "58.10"),
        (1.014, "1.014"),
        (0.0042, "0.0042"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-07, "0.0000001"),
        (1.2e22, "12000000000000000000000.00"),
        (6998257.18, "6998257.18"),
        (-4.8, "-4.80"),
        (0.0, "0.00"),
        (Decimal("-0.010"), "-0.010"),
        (Decimal(5), "5.00"),
    ],
)
def test_a_price_has_all_its_decimals_and_two_at_least(value, text):
    assert figures.price(value) == text


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_price_is_never_rounded(value):
    assert float(figures.price(value)) == value
    assert Decimal(figures.price(value)) == Decimal(repr(value))


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")]
)
def test_thousands_stand_apart(value, text):
    assert figures.count(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (3.24, "3.2 s"),
        (59.94, "59.9 s"),
        (60, "1 min 00 s"),
        (245.4, "4 min 05 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (3720, "1 h 02 min"),
        (90_000, "25 h 00 min"),
    ],
)
def test_durations(seconds, text):
    assert figures.duration(seconds) == text


def test_a_duration_of_almost_a_minute_is_a_minute():
    assert figures.duration(59.97) == "1 min 00 s"
