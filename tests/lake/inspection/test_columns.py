"""Names, order and types of columns, and the schema version."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items import AD_SCHEMA, CONTRACT_COLUMNS
from p2p_scrapy.lake.inspection import Outcome


def rewrite(path, change):
    table = change(pq.read_table(path, partitioning=None))
    pq.write_table(table, path, write_page_checksum=True)
    return path


def whats(report, check):
    return [finding.what for finding in report.tallies.named(check).findings]


def with_type(column, type_):
    def change(table):
        at = table.schema.names.index(column)
        return table.set_column(at, column, table[column].cast(type_))

    return change


def test_a_missing_contract_column_is_named_and_the_rest_still_checked(lake, inspect, troubles):
    path = lake.snapshot(change=lambda rows: rows[0].update(advertiser_no=None))
    report = inspect(rewrite(path, lambda table: table.drop_columns(["price", "fiat"])))
    assert troubles(report) == {"contract_columns": Outcome.FAILED, "nulls": Outcome.FAILED}
    assert whats(report, "contract_columns") == ["missing: fiat, price"]
    assert report.tallies.named("prices").outcome is Outcome.NOT_CHECKED


def test_another_order_is_found(lake, inspect, troubles):
    def swap(table):
        names = [*AD_SCHEMA.names]
        names[7], names[8] = names[8], names[7]
        return table.select(names)

    report = inspect(rewrite(lake.snapshot(), swap))
    assert troubles(report) == {"contract_columns": Outcome.FAILED}
    assert whats(report, "contract_columns") == ["column 8 is surplus_amount, it should be price"]


@pytest.mark.parametrize("column", CONTRACT_COLUMNS)
def test_every_contract_column_must_be_there(lake, inspect, troubles, column):
    report = inspect(rewrite(lake.snapshot(), lambda table: table.drop_columns([column])))
    assert troubles(report) == {"contract_columns": Outcome.FAILED}
    assert whats(report, "contract_columns") == [f"missing: {column}"]


@pytest.mark.parametrize(
    ("column", "type_", "check", "what"),
    [
        ("price", pa.string(), "contract_columns", "price is string, it should be double"),
        (
            "fetched_at",
            pa.timestamp("us"),
            "contract_columns",
            "fetched_at is timestamp[us], it should be timestamp[us, tz=UTC]",
        ),
        ("rank", pa.int32(), "own_columns", "rank is int32, it should be int64"),
        ("is_promoted", pa.string(), "own_columns", "is_promoted is string, it should be bool"),
    ],
)
def test_another_type_is_found(lake, inspect, troubles, *, column, type_, check, what):
    report = inspect(rewrite(lake.snapshot(), with_type(column, type_)))
    assert troubles(report) == {check: Outcome.FAILED}
    assert whats(report, check) == [what]


def test_a_missing_column_of_our_own_is_named(lake, inspect, troubles):
    report = inspect(rewrite(lake.snapshot(), lambda table: table.drop_columns(["rank", "page"])))
    assert troubles(report) == {"own_columns": Outcome.FAILED}
    assert whats(report, "own_columns") == ["missing: rank, page"]


def test_a_column_that_is_there_twice_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    report = inspect(rewrite(path, lambda table: table.append_column("price", table["price"])))
    assert troubles(report) == {"contract_columns": Outcome.FAILED}


def test_further_columns_of_somebody_else_may_follow(lake, inspect, troubles):
    path = lake.snapshot()
    assert troubles(inspect(rewrite(path, lambda t: t.append_column("x", t["price"])))) == {}


@pytest.mark.parametrize(
    ("metadata", "what"),
    [
        (None, "no schema version in the file"),
        ({"schema_version": "2"}, "schema version 2; this program knows 1"),
    ],
)
def test_the_schema_version_is_read(lake, inspect, troubles, metadata, what):
    path = lake.snapshot()
    report = inspect(rewrite(path, lambda table: table.replace_schema_metadata(metadata)))
    assert troubles(report) == {"schema_version": Outcome.FAILED}
    assert whats(report, "schema_version") == [what]
