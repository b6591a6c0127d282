"""klines from zip to Parquet."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from items.futures import KLINE_SCHEMA
from p2p_scrapy.futures.archive.errors import ContentError

BEGIN = 1_788_220_800_000
MINUTE = 60_000
HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume,taker_buy_quote_volume,ignore"
)


def candle(number, *, low="1.0", high="4.0", volume="5.5", begin=None, end=None):
    opened = BEGIN + number * MINUTE if begin is None else begin
    closed = opened + MINUTE - 1 if end is None else end
    return f"{opened},2.0,{high},{low},3.0,{volume},{closed},11.0,7,1.5,3.25,0"


@pytest.fixture
def candles(convert):
    return lambda lines: convert(lines, "BTCUSDT-1m-2026-09-01", header=HEADER)


def test_a_candle_is_kept_exactly_without_what_is_to_be_ignored(candles):
    found, (row,) = candles([candle(0)])
    assert list(row) == KLINE_SCHEMA.names
    assert row["open_time"] == datetime(2026, 9, 1, tzinfo=UTC)
    assert row["close_time"] == datetime(2026, 9, 1, 0, 0, 59, 999_000, tzinfo=UTC)
    assert (row["open"], row["high"], row["volume"]) == (2, 4, Decimal("5.5"))
    assert (row["count"], row["taker_buy_quote_volume"]) == (7, Decimal("3.25"))
    assert not found.faults


def test_every_fault_is_told_with_its_rows(candles):
    found, _ = candles(
        [
            candle(0),
            candle(0),
            candle(3),
            candle(4, low="2.5"),
            candle(5, high="2.5"),
            candle(6, volume="-1"),
            candle(7, end=BEGIN),
            candle(8, begin=BEGIN + 8 * MINUTE + 1),
        ]
    )
    assert {fault.kind: fault.rows for fault in found.faults} == {
        "a candle that comes again": [(2, 2)],
        "candles missing before it": [(3, 3), (8, 8)],
        "open or close beyond low or high": [(4, 5)],
        "an amount below 0": [(6, 6)],
        "close time that does not follow": [(7, 7)],
        "a candle off its time": [(8, 8)],
    }


def test_candles_of_another_day(candles):
    found, _ = candles([candle(-1), candle(0)])
    assert [(each.kind, each.rows) for each in found.faults] == [
        ("time outside the file's period", [(1, 1)])
    ]


def test_candles_out_of_order_are_put_in_order(candles):
    found, rows = candles([candle(2), candle(0), candle(1)])
    assert found.was_sorted
    assert not found.faults
    assert [row["open_time"].minute for row in rows] == [0, 1, 2]


def test_an_amount_that_does_not_fit_is_named(candles):
    with pytest.raises(ContentError, match="row 2 cannot be read"):
        candles([candle(0), candle(1, volume="0.123456789")])
