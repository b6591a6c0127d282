from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from items.futures import PRICE, QUANTITY
from p2p_scrapy.futures.scaled import decimals, whole_numbers

MOST = 10**18 - 1
NUMBERS = st.lists(st.integers(-MOST, MOST))


@pytest.mark.parametrize(("kind", "scale"), [(PRICE, 8), (QUANTITY, 6)])
@given(numbers=NUMBERS)
def test_numbers_and_decimals_are_the_same_amounts(kind, scale, numbers):
    column = decimals(numbers, kind)
    column.validate(full=True)
    assert column.type == kind
    assert column.to_pylist() == [Decimal(number).scaleb(-scale) for number in numbers]
    assert whole_numbers(column) == numbers


@given(NUMBERS, st.integers(0, 5))
def test_a_part_of_a_column_is_read_from_where_it_begins(numbers, start):
    assert whole_numbers(decimals(numbers, PRICE).slice(start)) == numbers[start:]


def test_nothing_is_null():
    column = decimals([7, None, -7], PRICE)
    assert column.to_pylist() == [Decimal("0.00000007"), None, Decimal("-0.00000007")]


def test_no_numbers_are_an_empty_column():
    assert decimals([], PRICE).to_pylist() == []
    assert whole_numbers(pa.array([], PRICE)) == []
