"""The daily merge: every row of a day's snapshots, by ad and time, and nothing else."""

import fcntl
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from items import AD_SCHEMA, Side, snapshot_id
from p2p_scrapy.errors import DataFolderError, DiskFullError
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake import manifest, slices
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.lake.day import NothingClosedError, SourceError
from p2p_scrapy.lake.inspection import Inspection, Outcome, scan
from p2p_scrapy.lake.inspection.lake_file import Kind
from p2p_scrapy.lake.merge import DailyMerge, MergeRunningError
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths, merged_path

DAY = date(2026, 6, 5)
ORDER = ("venue", "fiat", "asset", "trade_type", "adv_no", "fetched_at", "observed_at")
BOOK = (
    ("9", Side.SELL, "VES", "USDT", 1),
    ("10", Side.SELL, "VES", "USDT", 2),
    ("10", Side.SELL, "VES", "BTC", None),
    ("11", Side.BUY, "VES", "USDT", 1),
    ("12", Side.SELL, "BOB", "USDT", 1),
)


@pytest.fixture
def lake(tmp_path, ad_row, record):
    """Write and close a batch, so many minutes after 13:30, as the census does."""

    def close(minutes=0, book=BOOK, *, sample=False, data_dir=tmp_path / "data", **more):
        at = record.started_at + timedelta(minutes=minutes)
        paths = BatchPaths(data_dir, at, sample)
        log = Journal(paths.journal)
        for adv_no, side, fiat, asset, rank in book:
            times = {"fetched_at": at, "observed_at": at + timedelta(seconds=rank or 0)}
            same = {"venue": "binance", "snapshot_id": snapshot_id(at, side), "surplus_amount": 1.0}
            same["advertiser_no"] = "u1"
            log.append("ad", ad_row(adv_no, side, fiat, asset, rank, **times, **(same | more)))
        log.close()
        record.started_at = at
        close_batch(record, paths)
        record.started_at = at - timedelta(minutes=minutes)
        return paths

    return close


@pytest.fixture
def small_slices(monkeypatch):
    """Cut after every few rows, by all of them."""

    def cut_after(rows):
        monkeypatch.setattr(slices, "SLICE_ROWS", rows)
        monkeypatch.setattr(slices, "_SAMPLED", 1)

    return cut_after


def merge(data_dir, day=DAY):
    daily = DailyMerge(data_dir, day)
    assert not daily.is_current
    daily.write(lambda: None)
    assert daily.is_current
    return pq.ParquetFile(daily.path)


def rows_of(*snapshots):
    """Their rows in the order of a merge."""
    rows = [row for path in snapshots for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(rows, key=lambda row: [row[name] or "" for name in ORDER])


def snapshots(*batches):
    return [paths.snapshot(side) for paths in batches for side in Side]


def files_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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


def test_the_sources_are_left_alone(lake):
    data_dir = lake().data_dir
    before = files_below(data_dir)
    merge(data_dir).close()
    after = files_below(data_dir)
    assert after.keys() - before.keys() == {merged_path(data_dir, DAY)}
    assert {path: after[path] for path in before} == before


def test_the_file_names_what_it_was_made_of(lake):
    data_dir = lake().data_dir
    with merge(data_dir) as file:
        first = file.schema_arrow.metadata
    assert (first[b"schema_version"], first[b"merged_batches"]) == (b"1", b"1")
    lake(10, ())
    daily = DailyMerge(data_dir, DAY)
    assert not daily.is_current  # the second batch has no ad, but the file should say that it is in
    assert daily.closed.metadata[b"merged_batches"] == b"2"
    assert daily.closed.metadata[b"merged_digest"] != first[b"merged_digest"]


def test_a_batch_that_was_recovered_late_makes_the_file_anew(lake):
    first = lake()
    merge(first.data_dir).close()
    second = lake(-10)
    with merge(first.data_dir) as file:
        assert file.read().to_pylist() == rows_of(*snapshots(first, second))


@pytest.mark.parametrize("content", [b"", b"PAR1 no Parquet PAR1"])
def test_a_file_that_is_no_merge_is_replaced(lake, content):
    paths = lake()
    path = merged_path(paths.data_dir, DAY)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with merge(paths.data_dir) as file:
        assert file.metadata.num_rows == len(BOOK)


def test_a_day_without_an_ad_is_an_empty_file(lake):
    data_dir = lake(0, ()).data_dir
    with merge(data_dir) as file:
        assert file.read().equals(AD_SCHEMA.empty_table())


def test_a_day_without_a_closed_batch(lake):
    data_dir = lake().data_dir
    with pytest.raises(NothingClosedError, match="no batch of 2026-06-06 is closed"):
        DailyMerge(data_dir, DAY + timedelta(days=1))


def test_a_batch_that_still_runs_is_counted(lake):
    paths = lake()
    for minutes in (10, 630):
        Journal(BatchPaths(paths.data_dir, paths.started_at + timedelta(minutes=minutes)).journal)
    assert DailyMerge(paths.data_dir, DAY).closed.running == 1


def append_byte(path):
    path.write_bytes(path.read_bytes() + b"x")


def flip_byte(path):
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def take_a_column_away(path):
    table = pq.ParquetFile(path).read().drop_columns(["price"])
    path.unlink()
    write_table(table, path)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (os.unlink, "is missing"),
        (append_byte, "cannot be read: "),
        (flip_byte, "is not the file that the manifest tells of"),
        (take_a_column_away, "is not the file that the manifest tells of"),
    ],
)
def test_a_damaged_source_is_named_and_nothing_written(lake, damage, told):
    paths = lake()
    broken = paths.snapshot(Side.SELL)
    damage(broken)
    daily = DailyMerge(paths.data_dir, DAY)
    with pytest.raises(SourceError) as caught:
        daily.write(lambda: None)
    message = str(caught.value)
    assert message.startswith(f"{broken} {told}")
    assert f"take it from a backup, or move {paths.manifest} away" in message
    assert "\n" not in message
    assert not daily.path.parent.exists()


def test_a_source_with_other_columns_is_refused(lake):
    paths = lake()
    path = paths.snapshot(Side.BUY)
    take_a_column_away(path)
    record = manifest.read(paths.manifest)
    record.files[0] = manifest.describe(path, 1, paths.data_dir)
    manifest.write(record, paths.manifest)
    with pytest.raises(SourceError, match="has the columns of another version"):
        DailyMerge(paths.data_dir, DAY).write(lambda: None)


def test_rows_that_the_manifest_does_not_tell_are_no_proof(lake):
    paths = lake()
    record = manifest.read(paths.manifest)
    record.files[1].rows += 1
    manifest.write(record, paths.manifest)
    with pytest.raises(SourceError, match="is not the file that the manifest tells of"):
        DailyMerge(paths.data_dir, DAY).write(lambda: None)


def test_a_source_that_goes_while_it_is_read(lake):
    paths = lake()
    before = merge(paths.data_dir)
    before.close()
    kept = merged_path(paths.data_dir, DAY).read_bytes()
    late = lake(10)
    daily, steps = DailyMerge(paths.data_dir, DAY), []

    def tick():
        steps.append(1)
        if len(steps) == 9:  # four are proved, four cut, one is in
            late.snapshot(Side.SELL).unlink()

    with pytest.raises(SourceError, match="is missing"):
        daily.write(tick)
    assert [path.name for path in daily.path.parent.iterdir()] == ["2026-06-05.parquet"]
    assert daily.path.read_bytes() == kept


@pytest.mark.parametrize("content", [b"{", b'{"batch_id": 1}', b"\xff"])
def test_a_manifest_that_cannot_be_read(lake, content):
    paths = lake()
    paths.manifest.write_bytes(content)
    with pytest.raises(SourceError, match=r"batch_20260605_133000\.json cannot be read"):
        DailyMerge(paths.data_dir, DAY)


def test_two_merges_do_not_write_one_file(lake):
    daily = DailyMerge(lake().data_dir, DAY)
    daily.path.parent.mkdir(parents=True)
    other = os.open(daily.path.parent, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(MergeRunningError, match="another merge is writing"):
            daily.write(lambda: None)
    finally:
        os.close(other)
    daily.write(lambda: None)


def test_a_full_disk_leaves_nothing(lake, small_disk):
    data_dir = lake(data_dir=small_disk).data_dir
    (small_disk / "ballast").write_bytes(b"x" * (os.statvfs(small_disk).f_bavail - 3) * 4096)
    daily = DailyMerge(data_dir, DAY)
    with pytest.raises(DiskFullError, match="no space left for"):
        daily.write(lambda: None)
    assert list(daily.path.parent.iterdir()) == []


def test_a_folder_that_cannot_be_made(lake):
    data_dir = lake().data_dir
    (data_dir / "raw/daily_merged").write_text("in the way")
    with pytest.raises(DataFolderError, match=r"2026-06-05\.parquet cannot be written"):
        DailyMerge(data_dir, DAY).write(lambda: None)


def test_progress_ends_where_it_should(lake, small_slices):
    lake(0)
    data_dir = lake(10).data_dir
    small_slices(4)
    daily, steps = DailyMerge(data_dir, DAY), []
    daily.write(lambda: steps.append(1))
    assert len(steps) == daily.steps


def test_validate_takes_a_merge_for_what_it_is(lake):
    data_dir = lake(0, BOOK[1:2] + BOOK[3:]).data_dir
    merge(data_dir).close()
    found = scan([str(data_dir)])
    inspection = Inspection(found)
    for batch in found.batches:
        inspection.read(batch)
    report = inspection.report()
    assert report.files[Kind.MERGED] == 1
    sides = report.censuses[data_dir / "raw"].sides
    assert (sides[Side.BUY].ads, sides[Side.SELL].ads) == (1, 2)  # the merge's rows count nowhere
    failed = [tally for tally in report.tallies if tally.outcome is Outcome.FAILED]
    assert [finding for tally in failed for finding in tally.findings] == []


def test_an_ad_that_stays_costs_few_bytes_a_look(lake):
    book = [(f"{number:020d}", Side.SELL, "VES", "USDT", number) for number in range(1, 201)]
    batches = [lake(10 * number, book, active_seconds_ago=37 * number) for number in range(24)]
    with merge(batches[0].data_dir) as file:
        assert file.metadata.num_rows == 200 * 24
    assert merged_path(batches[0].data_dir, DAY).stat().st_size < 12 * 200 * 24
