import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items.futures import (
    ARCHIVE_TRADE_SCHEMA,
    BOOK_SCHEMA,
    FUTURES_SCHEMA_VERSION,
    GAP_SCHEMA,
    KLINE_SCHEMA,
    SCHEMAS,
    TRADE_SCHEMA,
)
from p2p_scrapy.futures.frames import decode_frames
from p2p_scrapy.futures.parquet import parquet_options, write_records

ALL = [*SCHEMAS.values(), ARCHIVE_TRADE_SCHEMA, KLINE_SCHEMA]


@pytest.mark.parametrize("schema", ALL)
def test_a_file_has_its_schema_and_says_its_version(tmp_path, schema):
    path = tmp_path / "x.parquet"
    write_records(schema.empty_table(), path)
    assert pq.read_schema(path).equals(schema, check_metadata=True)
    assert pq.read_schema(path).metadata[b"schema_version"].decode() == FUTURES_SCHEMA_VERSION


def test_what_is_written_is_read(tmp_path, trade_frame, depth_frame):
    decoded = decode_frames([trade_frame(1), trade_frame(2, nq="7"), depth_frame()], [1, 2, 3])
    for name in ("trades", "diffs"):
        table = pa.Table.from_batches([getattr(decoded, name)])
        write_records(table, tmp_path / name)
        assert pq.read_table(tmp_path / name, page_checksum_verification=True).equals(table)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["diffs", "trades"]


def test_amounts_are_64_bit_integers_on_disk(tmp_path, trade_frame):
    write_records(
        pa.Table.from_batches([decode_frames([trade_frame()], [1]).trades]), tmp_path / "x"
    )
    columns = pq.ParquetFile(tmp_path / "x").schema
    amounts = [columns.column(index) for index in (2, 3, 9)]
    assert {amount.name for amount in amounts} == {"price", "quantity", "normal_quantity"}
    assert {amount.physical_type for amount in amounts} == {"INT64"}


def test_what_counts_up_is_kept_as_differences_all_else_in_dictionaries():
    options = parquet_options(BOOK_SCHEMA)
    assert set(options["column_encoding"]) == {
        "final_update_id",
        "transaction_time",
        "received_at",
    }
    assert "bids.list.element.price" in options["use_dictionary"]
    written = set(options["column_encoding"]) | set(options["use_dictionary"])
    assert len(written) == len(BOOK_SCHEMA.names) + 2  # bids and asks have two leaves each


def test_the_archives_trades_and_a_streams_are_one_table(tmp_path, trade_frame):
    streamed = pa.Table.from_batches([decode_frames([trade_frame(2)], [1]).trades])
    archived = streamed.select(ARCHIVE_TRADE_SCHEMA.names).cast(ARCHIVE_TRADE_SCHEMA)
    write_records(archived, tmp_path / "symbol=BTCUSDT" / "archive.parquet")
    write_records(streamed, tmp_path / "symbol=BTCUSDT" / "stream.parquet")
    table = pq.read_table(tmp_path, schema=TRADE_SCHEMA, partitioning=None)
    assert table.num_rows == 2
    assert table.column("price").to_pylist() == [Decimal("64990.9")] * 2
    assert pd.read_parquet(tmp_path)["symbol"].tolist() == ["BTCUSDT"] * 2


def test_price_times_quantity_needs_no_cast(trade_frame):
    trades = decode_frames([trade_frame()], [1]).trades
    (value,) = pa.compute.multiply(trades.column("price"), trades.column("quantity")).to_pylist()
    assert value == Decimal("129.9818")


def test_a_gap_is_its_columns():
    assert GAP_SCHEMA.names == [
        "stream",
        "symbol",
        "from_id",
        "to_id",
        "started_at",
        "ended_at",
        "reason",
        "healed",
    ]
    at = datetime(2026, 11, 21, tzinfo=UTC)
    row = ["btcusdt@aggTrade", "BTCUSDT", 1, None, at, at, "cut", False]
    assert pa.RecordBatch.from_pylist(
        [dict(zip(GAP_SCHEMA.names, row, strict=True))], schema=GAP_SCHEMA
    ).to_pylist() == [dict(zip(GAP_SCHEMA.names, row, strict=True))]


def test_the_same_records_make_the_same_file(tmp_path, trade_frame):
    table = pa.Table.from_batches([decode_frames([trade_frame()], [1]).trades])
    write_records(table, tmp_path / "one")
    write_records(table, tmp_path / "other")
    digests = {hashlib.sha256(path.read_bytes()).digest() for path in tmp_path.iterdir()}
    assert len(digests) == 1
