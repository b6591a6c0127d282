"""Which files are read."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from items import Side
from p2p_scrapy.lake.inspection import NothingToReadError, Outcome, scan
from p2p_scrapy.lake.inspection.lake_file import Kind


def test_a_data_folder_is_read_whole(lake, inspect, troubles):
    lake.batch(0)
    lake.batch(1)
    report = inspect(lake.data_dir)
    assert troubles(report) == {}
    assert report.files == {Kind.MANIFEST: 2, Kind.SNAPSHOT: 4, Kind.LEDGER: 2, Kind.SCHEMA: 2}
    assert report.statuses == {"completed": 2}


@pytest.mark.parametrize(
    ("below", "snapshots"),
    [
        ("raw", 4),
        ("raw/buy_ads", 2),
        ("raw/sell_ads/year=2026/month=06/day=05", 2),
        ("raw/sell_ads/year=2026/month=06/day=05/snapshot_20260605_133000.parquet", 1),
    ],
)
def test_any_part_of_it_can_be_read(lake, inspect, troubles, below, snapshots):
    lake.batch(0)
    lake.batch(1)
    report = inspect(lake.data_dir / below)
    assert troubles(report) == {}
    assert report.files[Kind.SNAPSHOT] == snapshots
    assert report.tallies.named("file_checksums").outcome is Outcome.PASSED


def test_paths_that_overlap_are_read_once(lake, inspect, troubles):
    lake.batch(0)
    report = inspect(lake.data_dir, lake.data_dir / "raw", lake.paths().snapshot(Side.BUY))
    assert troubles(report) == {}
    assert report.files[Kind.SNAPSHOT] == 2


def test_a_relative_path_finds_its_manifest(lake, inspect, monkeypatch):
    lake.batch(0)
    monkeypatch.chdir(lake.paths().snapshot(Side.BUY).parent)
    report = inspect(Path("snapshot_20260605_133000.parquet"))
    assert report.tallies.named("file_checksums").examined == 1


def test_hidden_files_are_writes_in_progress(lake, inspect, troubles):
    path = lake.snapshot()
    path.with_name(f".{path.name}.tmp").write_bytes(b"half")
    path.with_name(".half.parquet").write_bytes(b"half")
    hidden = path.parent / ".hidden"
    hidden.mkdir()
    (hidden / path.name).write_bytes(b"half")
    assert troubles(inspect(lake.data_dir)) == {}


def test_other_parquet_files_are_not_ours(lake, inspect, troubles):
    lake.snapshot()
    klines = lake.data_dir / "futures" / "klines.parquet"
    klines.parent.mkdir()
    pq.write_table(pa.table({"close": [1.0]}), klines)
    (lake.data_dir / "catalogue.json").write_text("{}")
    report = inspect(lake.data_dir)
    assert troubles(report) == {}
    assert report.files[Kind.SNAPSHOT] == 1


def test_ads_under_another_name_are_known_by_their_columns(lake, inspect, tmp_path):
    lake.snapshot().rename(tmp_path / "export.parquet")
    report = inspect(tmp_path)
    assert report.files[Kind.SNAPSHOT] == 1


def test_a_damaged_file_under_another_name_is_named(inspect, troubles, tmp_path):
    (tmp_path / "export.parquet").write_bytes(b"PAR1")
    assert troubles(inspect(tmp_path)) == {"readable": Outcome.FAILED}


def test_a_name_with_an_impossible_time_still_holds_ads(lake, inspect, troubles):
    path = lake.snapshot()
    strange = path.parents[1] / "day=99" / "snapshot_20269999_000000.parquet"
    strange.parent.mkdir()
    assert troubles(inspect(path.rename(strange))) == {}


@pytest.mark.parametrize("name", ["missing", "missing/x.parquet", ".", ".snapshot.parquet.tmp"])
def test_nothing_to_read_is_a_usage_error(tmp_path, name):
    (tmp_path / ".snapshot.parquet.tmp").write_bytes(b"half")
    with pytest.raises(NothingToReadError, match=str(tmp_path)) as caught:
        scan([str(tmp_path / name)])
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def test_a_path_through_a_file_is_a_usage_error(lake):
    with pytest.raises(NothingToReadError, match="Not a directory"):
        scan([str(lake.snapshot() / "x")])


def test_a_folder_that_cannot_be_entered_is_named(lake, inspect, troubles, monkeypatch):
    lake.snapshot()
    closed = lake.paths().snapshot(Side.BUY).parent
    closed.mkdir(parents=True)
    enter = os.scandir

    def refuse(path):
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return enter(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert troubles(inspect(lake.data_dir)) == {"readable": Outcome.FAILED}
    with pytest.raises(NothingToReadError, match="cannot be entered: Permission denied"):
        scan([str(closed)])


def test_batches_come_in_the_order_of_time(lake):
    for number in (2, 0, 1):
        lake.batch(number)
    found = scan([str(lake.data_dir)])
    times = [batch.started_at for batch in found.batches if batch.started_at]
    assert times == sorted(times)
    assert [len(batch.files) for batch in found.batches] == [4, 4, 4, 1, 1]
