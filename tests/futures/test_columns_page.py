"""docs/futures-columns.md says what the schemas are."""

import re

import pyarrow as pa
import pytest

from items.futures import (
    ARCHIVE_TRADE_SCHEMA,
    BOOK_SCHEMA,
    DEPTH_SCHEMA,
    EXCHANGE_TIME,
    GAP_SCHEMA,
    KLINE_SCHEMA,
    LEVELS,
    OUR_TIME,
    PRICE,
    QUANTITY,
    SYMBOL,
    TRADE_SCHEMA,
    VOLUME,
)

TYPES = {
    "symbol": SYMBOL,
    "id": pa.int64(),
    "count": pa.int64(),
    "price": PRICE,
    "quantity": QUANTITY,
    "volume": VOLUME,
    "levels": LEVELS,
    "exchange time": EXCHANGE_TIME,
    "our time": OUR_TIME,
    "time": OUR_TIME,
    "flag": pa.bool_(),
    "text": pa.string(),
}


@pytest.fixture(scope="module")
def table(root):
    text = (root / "docs" / "futures-columns.md").read_text("utf-8")

    def rows(heading):
        section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        lines = [line for line in section.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]

    return rows


@pytest.mark.parametrize(
    ("heading", "schema"),
    [
        ("Trades", TRADE_SCHEMA),
        ("Depth and diffs", DEPTH_SCHEMA),
        ("Book", BOOK_SCHEMA),
        ("Gaps", GAP_SCHEMA),
        ("Candles", KLINE_SCHEMA),
    ],
)
def test_every_column_in_order_with_its_type(table, heading, schema):
    rows = table(heading)
    assert [re.fullmatch("`(.+)`", row[0])[1] for row in rows] == schema.names
    assert [TYPES[row[1]] for row in rows] == schema.types


def test_every_type_that_is_used_is_explained(table):
    explained = {row[0]: row[1] for row in table("Types")}
    assert set(explained) == set(TYPES)
    for amount in ("price", "quantity", "volume"):
        assert explained[amount] == str(TYPES[amount])


def test_the_archives_trades_are_the_first_eight_columns():
    assert ARCHIVE_TRADE_SCHEMA.names == TRADE_SCHEMA.names[:8]
    assert ARCHIVE_TRADE_SCHEMA.types == TRADE_SCHEMA.types[:8]
