"""Every row of a day's snapshots, by ad and time, and nothing else."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items import AD_SCHEMA, Side
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths, merged_path
from tests.lake.merge.merged import DAY, ORDER, merge, rows_of, snapshots


def test_every_row_of_the_day_by_ad_and_time(lake):
    batches = [lake(minutes) for minutes in (10, 0, 20)]
    with merge(batches[0].data_dir) as file:
        assert file.schema_arrow.equals(AD_SCHEMA)
        rows = file.read().to_pylist()
    assert rows == rows_of(*snapshots(*batches))
    assert [(row["fiat"], row["asset"], row["trade_type"], row["adv_no"]) for row in rows[::3]] == [
        ("BOB", "USDT", "SELL", "12"),
        ("VES", "BTC", "SELL", "10"),
        ("VES", "USDT", "BUY", "11"),
        ("VES", "USDT", "SELL", "10"),
        ("VES", "USDT", "SELL", "9"),
    ]


@pytest.mark.parametrize("slice_rows", [1, 2, 4, 100])
def test_slices_change_nothing_but_the_row_groups(lake, small_slices, slice_rows):
    batches = [lake(minutes) for minutes in (0, 10)]
    small_slices(slice_rows)
    with merge(batches[0].data_dir) as file:
        assert file.read().to_pylist() == rows_of(*snapshots(*batches))
        assert file.num_row_groups == min(5, -(-10 // slice_rows))  # an ad is never cut in two


ad = st.fixed_dictionaries(
    {
        name: st.none() | st.sampled_from(["", "a", "aa", "b", "é", "\U0001f600"])
        for name in ORDER[:5]
    }
    | {"fetched_at": st.datetimes(), "observed_at": st.datetimes()}
    | {"price": st.none() | st.floats(allow_nan=False), "rank": st.none() | st.integers(0, 9)}
    | {"payment_methods": st.none() | st.lists(st.none() | st.text(max_size=3), max_size=3)}
    | {"month_order_count": st.integers(-(2**63), 2**63 - 1)}
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    books=st.lists(st.lists(ad, max_size=6), min_size=1, max_size=3), slice_rows=st.integers(2, 9)
)
def test_whatever_the_rows_are_none_is_lost_or_added(
    books, slice_rows, record, small_slices, tmp_path
):
    shutil.rmtree(tmp_path, ignore_errors=True)
    given_rows = []
    for number, book in enumerate(books):
        rows = [dict.fromkeys(AD_SCHEMA.names) | row for row in book]
        table = pa.Table.from_pylist(rows, schema=AD_SCHEMA)
        given_rows += table.to_pylist()
        close_with(
            table,
            replace(record, started_at=record.started_at + timedelta(minutes=number)),
            tmp_path,
        )
    small_slices(slice_rows)
    with merge(tmp_path) as file:
        merged = file.read().to_pylist()
    keys = [[row[name] or "" for name in ORDER] for row in merged]
    assert keys == sorted(keys)
    assert sorted(map(repr, merged)) == sorted(map(repr, given_rows))


def close_with(table, record, data_dir):
    """A closed batch whose bids are this table."""
    paths = BatchPaths(data_dir, record.started_at)
    path = paths.snapshot(Side.BUY)
    write_table(table, path)
    record.files = [manifest.describe(path, table.num_rows, data_dir)]
    manifest.write(record, paths.manifest)


def test_samples_other_days_and_open_batches_stay_out(lake):
    inside = lake(0)
    lake(5, sample=True)
    lake(630)  # 00:00 of the next day
    lake(-811)  # 23:59 of the day before
    lake(10).manifest.unlink()
    with merge(inside.data_dir) as file:
        assert file.read().to_pylist() == rows_of(*snapshots(inside))


def test_a_day_without_an_ad_is_an_empty_file(lake):
    data_dir = lake(0, ()).data_dir
    with merge(data_dir) as file:
        assert file.read().equals(AD_SCHEMA.empty_table())


def test_an_ad_that_stays_costs_few_bytes_a_look(lake):
    book = [(f"{number:020d}", Side.SELL, "VES", "USDT", number) for number in range(1, 201)]
    batches = [lake(10 * number, book, active_seconds_ago=37 * number) for number in range(24)]
    with merge(batches[0].data_dir) as file:
        assert file.metadata.num_rows == 200 * 24
    assert merged_path(batches[0].data_dir, DAY).stat().st_size < 12 * 200 * 24
