import random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items import AD_SCHEMA, SWEEP_SCHEMA, Side
from p2p_scrapy.lake.columns import Columns
from p2p_scrapy.lake.parquet import write_schema, write_table


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def table(ad_row):
    columns = Columns(AD_SCHEMA)
    for number in range(3000):
        no = f"{13_841_467_863_856_627_712 + number}"
        columns.append(ad_row(no, Side.SELL, "VES", "USDT", number + 1, price=number / 8))
    return columns.table()


def test_a_table_comes_back_as_it_was(table, tmp_path):
    write_table(table, tmp_path / "day" / "snapshot.parquet")
    back = pq.read_table(tmp_path / "day" / "snapshot.parquet")
    assert back.equals(table.combine_chunks())
    assert back.schema.equals(AD_SCHEMA)
    assert names(tmp_path / "day") == ["snapshot.parquet"]


def test_pandas_finds_the_contract_columns_first_with_their_types(table, tmp_path):
    write_table(table, tmp_path / "snapshot.parquet")
    frame = pd.read_parquet(tmp_path / "snapshot.parquet")
    assert [(name, str(kind)) for name, kind in frame.dtypes.items()][:23] == [
        ("snapshot_id", "str"),
        ("fetched_at", "datetime64[us, UTC]"),
        ("fetched_date", "str"),
        ("trade_type", "str"),
        ("adv_no", "str"),
        ("asset", "str"),
        ("fiat", "str"),
        ("price", "float64"),
        ("surplus_amount", "float64"),
        ("min_amount", "float64"),
        ("max_amount", "float64"),
        ("tradable_quantity", "float64"),
        ("advertiser_no", "str"),
        ("advertiser_name", "str"),
        ("advertiser_type", "str"),
        ("month_order_count", "int64"),
        ("month_finish_rate", "float64"),
        ("positive_rate", "float64"),
        ("user_positive_rate", "float64"),
        ("payment_methods", "object"),
        ("payment_method_ids", "object"),
        ("ad_created_at", "datetime64[us, UTC]"),
        ("price_type", "str"),
    ]
    assert list(frame["payment_methods"][0]) == ["BANESCO", None]
    assert frame["fetched_at"][0] == pd.Timestamp("2026-06-05 13:30:00", tz="UTC")


def test_one_row_group_with_zstd_statistics_and_the_schema_version(table, tmp_path):
    write_table(table, tmp_path / "snapshot.parquet")
    file = pq.ParquetFile(tmp_path / "snapshot.parquet")
    assert (file.num_row_groups, file.metadata.num_rows) == (1, 3000)
    group = file.metadata.row_group(0)
    columns = [group.column(at) for at in range(group.num_columns)]
    assert {column.compression for column in columns} == {"ZSTD"}
    assert file.schema_arrow.metadata[b"schema_version"] == b"1"


def test_columns_of_ever_new_values_have_no_dictionary(table, tmp_path):
    write_table(table, tmp_path / "snapshot.parquet")
    group = pq.ParquetFile(tmp_path / "snapshot.parquet").metadata.row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert "DELTA_BYTE_ARRAY" in columns["adv_no"].encodings
    assert "DELTA_BINARY_PACKED" in columns["ad_created_at"].encodings
    assert "DELTA_BINARY_PACKED" in columns["rank"].encodings
    plain = {name for name, column in columns.items() if not column.has_dictionary_page}
    booleans = {"is_promoted", "is_merchant", "taker_kyc_required"}
    quantities = {"surplus_amount", "tradable_quantity", "min_quantity", "max_quantity"}
    dynamic = {"dynamic_max_amount", "dynamic_max_quantity"}
    assert plain - booleans == {"adv_no", "ad_created_at", "rank", *quantities, *dynamic}
    assert columns["payment_methods.list.element"].has_dictionary_page


def test_page_checksums_find_a_flipped_byte(table, tmp_path):
    path = tmp_path / "snapshot.parquet"
    write_table(table, path)
    whole = path.read_bytes()
    column = pq.ParquetFile(path).metadata.row_group(0).column(4)
    assert column.path_in_schema == "adv_no"
    at = column.data_page_offset + column.total_compressed_size - 5
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    with pytest.raises(OSError, match="CRC checksum verification failed"):
        pq.read_table(path, page_checksum_verification=True)


def test_the_schema_file_is_empty_and_written_once(tmp_path):
    write_schema(AD_SCHEMA, tmp_path)
    path = tmp_path / "_schema.parquet"
    assert pq.read_table(path).equals(AD_SCHEMA.empty_table())
    assert pq.read_schema(path).metadata == {b"schema_version": b"1"}
    path.write_bytes(b"kept")
    write_schema(AD_SCHEMA, tmp_path)
    assert path.read_bytes() == b"kept"


def test_an_empty_table_is_a_file(tmp_path):
    write_table(SWEEP_SCHEMA.empty_table(), tmp_path / "sweeps.parquet")
    assert pq.read_table(tmp_path / "sweeps.parquet").equals(SWEEP_SCHEMA.empty_table())


def test_a_full_disk_leaves_the_old_file_and_nothing_else(small_disk):
    path = small_disk / "snapshot.parquet"
    write_table(pa.table({"a": [1]}), path)
    noise = random.Random(1).randbytes(1_000_000)
    with pytest.raises(OSError, match="No space left"):
        write_table(pa.table({"a": [noise]}), path)
    assert pq.read_table(path).to_pylist() == [{"a": 1}]
    assert names(small_disk) == ["snapshot.parquet"]
