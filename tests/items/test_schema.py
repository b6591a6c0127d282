from datetime import datetime

import pyarrow as pa
import pytest

from items import AD_COLUMNS, AD_SCHEMA, SWEEP_COLUMNS, SWEEP_SCHEMA
from items.schema import arrow_type

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.string())


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (str, pa.string()),
        (float | None, pa.float64()),
        (int | None, pa.int64()),
        (None | bool, pa.bool_()),
        (datetime | None, UTC_MICROSECONDS),
        (list[str | None] | None, TEXTS),
        (list[list[int]], pa.list_(pa.list_(pa.int64()))),
    ],
)
def test_types(hint, kind):
    assert arrow_type(hint) == kind


@pytest.mark.parametrize("hint", [bytes, dict, object])
def test_a_type_that_has_none(hint):
    with pytest.raises(KeyError):
        arrow_type(hint)


def test_the_types_of_the_contract_columns():
    text, number = pa.string(), pa.float64()
    assert AD_SCHEMA.types[:23] == [
        *(text, UTC_MICROSECONDS, text, text, text, text, text),
        *(number, number, number, number, number),
        *(text, text, text, pa.int64()),
        *(number, number, number),
        *(TEXTS, TEXTS, UTC_MICROSECONDS, text),
    ]


def test_the_types_of_our_own_columns():
    kinds = {field.name: field.type for field in AD_SCHEMA}
    assert {name for name, kind in kinds.items() if kind == pa.int64()} == {
        *("month_order_count", "rank", "page", "privilege_type", "pay_time_limit_minutes"),
        *("user_grade", "vip_level", "active_seconds_ago"),
    }
    assert {name for name, kind in kinds.items() if kind == pa.bool_()} == {
        *("is_promoted", "is_merchant", "taker_kyc_required"),
    }
    assert kinds["observed_at"] == UTC_MICROSECONDS
    assert kinds["badges"] == kinds["payment_method_names"] == TEXTS


@pytest.mark.parametrize(
    ("schema", "columns"), [(AD_SCHEMA, AD_COLUMNS), (SWEEP_SCHEMA, SWEEP_COLUMNS)]
)
def test_a_schema_has_its_items_columns_and_says_its_version(schema, columns):
    assert tuple(schema.names) == columns
    assert schema.metadata == {b"schema_version": b"1"}
    assert all(field.nullable for field in schema)
