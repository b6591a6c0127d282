"""The file of a merge: what it tells of itself, and when and how it is written."""

import fcntl
import os

import pytest

from items import Side
from p2p_scrapy.errors import DataFolderError, DiskFullError
from p2p_scrapy.lake.inspection import Inspection, Outcome, scan
from p2p_scrapy.lake.inspection.lake_file import Kind
from p2p_scrapy.lake.merge import DailyMerge, MergeRunningError
from p2p_scrapy.lake.paths import merged_path
from tests.lake.merge.merged import BOOK, DAY, merge, rows_of, snapshots


def files_below(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
