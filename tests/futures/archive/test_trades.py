"""aggTrades from zip to Parquet: exact, in order, and everything wrong with them told."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items.futures import ARCHIVE_TRADE_SCHEMA
from p2p_scrapy.futures.archive import ordering, unpacking, writing
from p2p_scrapy.futures.archive.errors import ContentError

BEGIN = 1_788_220_800_000
DAY = 86_400_000
MISSING = "ids missing before it"


def faults(found):
    return {fault.kind: (fault.count, fault.rows) for fault in found.faults}


def test_a_row_is_kept_exactly(convert, tmp_path):
    line = f"3454067270,76988.70000001,0.037,8089233297,8089233301,{BEGIN + 294},false"
    found, (row,) = convert([line])
    assert row == {
        "symbol": "BTCUSDT",
        "agg_trade_id": 3454067270,
        "price": Decimal("76988.70000001"),
        "quantity": Decimal("0.037"),
        "first_trade_id": 8089233297,
        "last_trade_id": 8089233301,
        "transact_time": datetime(2026, 9, 1, tzinfo=UTC) + timedelta(milliseconds=294),
        "is_buyer_maker": False,
    }
    assert (found.rows, found.first_key, found.last_key) == (1, 3454067270, 3454067270)
    assert (found.first_time, found.last_time) == (BEGIN + 294, BEGIN + 294)
    assert not found.faults
    schema = pq.read_schema(tmp_path / "BTCUSDT-aggTrades-2026-09-01.parquet")
    assert schema.remove_metadata() == ARCHIVE_TRADE_SCHEMA.remove_metadata()
    assert schema.metadata[b"schema_version"] == b"1"


@pytest.mark.parametrize("header", [None, "names"], ids=["without", "with"])
def test_a_header_is_sniffed(convert, trade, header):
    kept = {} if header else {"header": None}
    found, rows = convert([trade(1), trade(2)], **kept)
    assert (found.rows, [row["agg_trade_id"] for row in rows]) == (2, [1, 2])


def test_a_byte_order_mark_is_no_column(convert, trade):
    names = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
    found, _ = convert([trade(1)], header=f"\ufeff{names}")
    assert found.rows == 1


def test_other_columns_are_refused(convert, trade):
    with pytest.raises(ContentError, match=r"its columns are id,price.*not agg_trade_id"):
        convert([trade(1)], header="id,price,qty,first,last,time,is_buyer_maker")


def test_eight_columns_as_of_spot_are_refused_with_their_row(convert, trade):
    with pytest.raises(ContentError, match=r"row 1 cannot be read: '1,77000.1.*Expected 7"):
        convert([f"{trade(1)},True"], header=None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"price": "cheap"}, "'cheap' is not a valid decimal"),
        ({"price": ""}, "row 3 "),
        ({"price": "1.123456789"}, "row 3 "),  # nine decimals: kept exactly or not at all
        ({"price": "12345678901.0"}, "price does not fit decimal128(18, 8)"),
        ({"side": "maybe"}, "invalid value 'maybe'"),
    ],
)
def test_a_row_that_cannot_be_read_exactly_is_named(convert, trade, change, told):
    lines = [trade(1), trade(2), trade(3, **change), trade(4)]
    with pytest.raises(ContentError, match="row 3 cannot be read") as refused:
        convert(lines)
    assert told in str(refused.value)


def test_times_that_are_no_milliseconds_are_refused(convert, trade):
    with pytest.raises(
        ContentError,
        match="row 1 cannot be read: transact_time is not in milliseconds: 1788220800000000",
    ):
        convert([trade(1, time=BEGIN * 1000)])


def test_an_empty_file_is_a_file_of_no_rows(convert):
    found, rows = convert([])
    assert (found.rows, rows, found.first_key) == (0, [], None)


def test_every_fault_is_told_with_its_rows(convert, trade):
    lines = [
        trade(1),
        trade(1),  # again
        trade(4),  # 2 and 3 missing
        trade(5, trade=2000),  # trades jump
        trade(6, trade=2001, quantity="0"),
        trade(7, trade=2002, price="0.0"),
        trade(8, trade=2003, time=BEGIN - 1),
        trade(9, trade=2004, time=BEGIN + DAY),
        trade(10, trade=2005, time=BEGIN + DAY - 1),
    ]
    found, rows = convert(lines)
    assert faults(found) == {
        "an id that comes again": (1, [(2, 2)]),
        MISSING: (1, [(3, 3)]),
        "trades that do not follow on": (1, [(4, 4)]),
        "quantity not above 0": (1, [(5, 5)]),
        "price not above 0": (1, [(6, 6)]),
        "time outside the file's period": (2, [(7, 8)]),
    }
    assert len(rows) == len(lines)  # nothing is invented, nothing left out


def test_a_last_trade_before_the_first(convert):
    found, _ = convert([f"1,1.0,1,50,49,{BEGIN},true"])
    assert faults(found) == {"last trade before the first": (1, [(1, 1)])}


def test_a_month_holds_all_its_days(convert, trade):
    lines = [trade(1, time=BEGIN), trade(2, time=BEGIN + 30 * DAY - 1)]
    found, _ = convert(lines, "BTCUSDT-aggTrades-2026-09")
    assert not found.faults
    found, _ = convert([trade(1, time=BEGIN + 30 * DAY)], "BTCUSDT-aggTrades-2026-09")
    assert faults(found) == {"time outside the file's period": (1, [(1, 1)])}


def test_rows_out_of_order_are_put_in_order_and_keep_their_numbers(convert, trade):
    lines = [trade(1), trade(4), trade(2), trade(5, quantity="0"), trade(3)]
    found, rows = convert(lines)
    assert found.was_sorted
    assert [row["agg_trade_id"] for row in rows] == [1, 2, 3, 4, 5]
    assert faults(found) == {"quantity not above 0": (1, [(4, 4)])}


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of a few lines, ranges of a few ids, groups of a few rows."""
    monkeypatch.setattr(unpacking, "BLOCK_BYTES", 200)
    monkeypatch.setattr(writing, "ROW_GROUP", 7)
    monkeypatch.setattr("p2p_scrapy.futures.archive.trades.Trades.width", 10)


@pytest.mark.usefixtures("small_blocks")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(numbers=st.lists(st.integers(1, 60), max_size=60))
def test_any_order_comes_out_as_python_would_sort_it(convert, trade, numbers):
    lines = [trade(number, price=f"{at + 1}.0") for at, number in enumerate(numbers)]
    found, rows = convert(lines)
    expected = sorted((number, at + 1) for at, number in enumerate(numbers))
    assert [(row["agg_trade_id"], row["price"]) for row in rows] == expected
    assert found.was_sorted == (numbers != sorted(numbers))
    told = faults(found)
    steps = [(b[1], b[0] - a[0]) for a, b in pairwise(expected)]
    assert told.get("an id that comes again", (0,))[0] == sum(step == 0 for _, step in steps)
    missing = sorted(row for row, step in steps if step > 1)
    ranges = told.get(MISSING, (0, []))[1]
    assert sorted(row for a, b in ranges for row in range(a, b + 1)) == missing


@pytest.mark.usefixtures("small_blocks")
def test_blocks_are_of_whole_lines_whatever_their_size(convert, trade):
    found, rows = convert([trade(number) for number in range(1, 200)])
    assert [row["agg_trade_id"] for row in rows] == list(range(1, 200))
    assert not found.was_sorted
    assert not found.faults


@pytest.mark.usefixtures("small_blocks")
def test_a_line_longer_than_a_block(convert):
    price = "77000." + "0" * 300
    with pytest.raises(ContentError, match="row 2 cannot be read"):
        convert([f"1,1.0,1,1,1,{BEGIN},true", f"2,{price},1,2,2,{BEGIN},true"])


@pytest.mark.usefixtures("small_blocks")
def test_ids_spread_too_far_to_be_sorted(monkeypatch, convert, trade, tmp_path):
    monkeypatch.setattr(ordering, "MOST_RANGES", 3)
    with pytest.raises(ContentError, match="spread too far"):
        convert([trade(number) for number in (40, 30, 20, 10)])
    assert not list(tmp_path.glob("*.parquet"))
    assert not list(tmp_path.glob(".*"))


def test_many_faulty_rows_are_counted_all_and_named_in_part(convert, trade):
    lines = [trade(n, quantity="0" if n % 2 else "1") for n in range(1, 4001)]
    found, _ = convert(lines)
    (fault,) = found.faults
    assert fault.count == 2000
    assert len(fault.rows) == 1000
    assert str(fault) == "quantity not above 0 in 2,000 rows (row 1, 3, 5, 7, 9, ...)"


@pytest.mark.usefixtures("small_blocks")
def test_a_shuffled_day_is_the_day(convert, trade):
    lines = [trade(number) for number in range(1, 300)]
    _, straight = convert(lines)
    random.Random(3).shuffle(lines)
    _, sorted_rows = convert(lines)
    assert sorted_rows == straight
