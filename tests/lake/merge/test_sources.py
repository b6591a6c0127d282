"""Sources that are absent, open, damaged or of another version: named, and nothing written."""

import os
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from items import Side
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.day import NothingClosedError, SourceError
from p2p_scrapy.lake.merge import DailyMerge
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths, merged_path
from tests.lake.merge.merged import DAY, merge


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
