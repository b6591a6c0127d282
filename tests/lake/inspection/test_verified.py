"""Daily merges and schema files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items import AD_SCHEMA, CONTRACT_COLUMNS, SWEEP_SCHEMA, Side
from p2p_scrapy.lake.inspection import Outcome, parquet
from p2p_scrapy.lake.inspection.lake_file import Kind


@pytest.fixture
def merged(lake):
    """A merge of two snapshots, by ad and time."""
    tables = [pq.read_table(lake.snapshot(number=n), partitioning=None) for n in range(2)]
    path = lake.data_dir / "raw/daily_merged/year=2026/month=06/2026-06-05.parquet"
    path.parent.mkdir(parents=True)

    def write(change=lambda table: table):
        table = pa.concat_tables(tables).sort_by([("adv_no", "ascending")])
        pq.write_table(change(table), path, write_page_checksum=True)
        return path

    return write


def test_a_daily_merge_is_no_snapshot(inspect, troubles, merged):
    report = inspect(merged(lambda table: table.select(CONTRACT_COLUMNS)))
    assert troubles(report) == {}
    assert report.files == {Kind.MERGED: 1}
    assert report.censuses == {}
    assert report.tallies.named("nulls").examined == 1


def test_its_rows_are_checked_piece_by_piece(inspect, troubles, merged, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS_AT_ONCE", 10)

    def break_(table):
        prices = table["price"].to_pylist()
        prices[37] = None
        return table.set_column(7, "price", pa.array(prices, pa.float64()))

    report = inspect(merged(break_))
    assert troubles(report) == {"nulls": Outcome.FAILED}
    tally = report.tallies.named("nulls")
    assert tally.findings[0].rows[0].number == 37
    assert tally.examined == 1


def test_its_columns_and_bytes_are_checked(inspect, troubles, merged):
    path = merged(lambda table: table.drop_columns(["asset"]))
    assert troubles(inspect(path)) == {"contract_columns": Outcome.FAILED}
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    assert inspect(path).outcome is Outcome.FAILED


def test_a_merge_of_an_empty_day_passes(inspect, troubles, merged):
    assert troubles(inspect(merged(lambda table: table.slice(0, 0)))) == {}


def test_a_schema_file_with_rows_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    path.rename(path.with_name("_schema.parquet"))
    report = inspect(lake.data_dir)
    assert troubles(report) == {"schema_files": Outcome.FAILED}
    (finding,) = report.tallies.named("schema_files").findings
    assert finding.what == "holds 27 rows, it should be empty"


def test_a_schema_file_of_other_columns_is_found(lake, inspect, troubles):
    path = lake.snapshot().with_name("_schema.parquet")
    schema = AD_SCHEMA.remove(AD_SCHEMA.get_field_index("price"))
    pq.write_table(schema.empty_table(), path)
    assert troubles(inspect(path)) == {"schema_files": Outcome.FAILED}


def test_the_ledgers_schema_file_is_the_ledgers(lake, inspect, troubles):
    path = lake.ledger().with_name("_schema.parquet")
    pq.write_table(SWEEP_SCHEMA.empty_table(), path)
    assert troubles(inspect(path)) == {}


def test_schema_files_count_no_rows(lake, inspect):
    lake.snapshot()
    (census,) = inspect(lake.data_dir).censuses.values()
    assert census.sides[Side.SELL].snapshots == 1
