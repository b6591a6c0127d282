"""Rows against their file's name and folder, and their times against each other."""

from datetime import datetime, timedelta, timezone

import pytest

from items import Side
from p2p_scrapy.lake.inspection import Outcome


def whats(report, check):
    return [finding.what for finding in report.tallies.named(check).findings]


def every(**values):
    def change(rows):
        for row in rows:
            row.update(values)

    return change


def move(path, to):
    to.parent.mkdir(parents=True, exist_ok=True)
    return path.rename(to)


def test_a_right_snapshot_passes(lake, inspect, troubles):
    report = inspect(lake.snapshot())
    assert troubles(report) == {}
    assert report.tallies.named("batch_time").outcome is Outcome.PASSED


def test_asks_in_the_folder_of_bids_are_found(lake, inspect, troubles):
    path = lake.snapshot(Side.SELL)
    report = inspect(move(path, lake.paths().snapshot(Side.BUY)))
    assert troubles(report) == {"trade_type": Outcome.FAILED}
    assert whats(report, "trade_type") == ["trade_type is not BUY, which the folder is for"]


@pytest.mark.parametrize("value", ["BUY", "ask", None])
def test_another_side_outside_a_lake_is_found(lake, inspect, troubles, tmp_path, value):
    def change(rows):
        rows[4].update(trade_type=value, snapshot_id=f"20260605T133000Z_{value}")

    path = move(lake.snapshot(change=change), tmp_path / "mine.parquet")
    assert troubles(inspect(path)).pop("trade_type") is Outcome.FAILED


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("snapshot_id", "20260605T133000Z_BUY"),
        ("snapshot_id", None),
        ("fetched_date", "2026-06-06"),
        ("fetched_date", None),
    ],
)
def test_an_id_or_date_that_differs_is_found(lake, inspect, troubles, column, value):
    report = inspect(lake.snapshot(change=lambda rows: rows[7].update({column: value})))
    assert troubles(report) == {"batch_time": Outcome.FAILED}
    (finding,) = report.tallies.named("batch_time").findings
    assert finding.what.startswith(column)
    assert [row.number for row in finding.rows] == [7]


def test_a_renamed_file_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    report = inspect(path.rename(path.with_name("snapshot_20260605_134000.parquet")))
    assert troubles(report) == {"batch_time": Outcome.FAILED}
    assert whats(report, "batch_time") == ["fetched_at is not the time in the file's name"]


def test_a_file_in_the_folder_of_another_day_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    report = inspect(move(path, path.parents[1] / "day=06" / path.name))
    assert troubles(report) == {"batch_time": Outcome.FAILED}
    assert whats(report, "batch_time") == ["fetched_at is not the time in the folder"]


def test_two_batches_in_a_file_without_a_name_of_its_own_are_found(
    lake, inspect, troubles, tmp_path
):
    def change(rows):
        at = rows[0]["fetched_at"] + timedelta(seconds=1)
        rows[3].update(fetched_at=at, snapshot_id=f"{at:%Y%m%dT%H%M%SZ}_SELL")

    path = move(lake.snapshot(change=change), tmp_path / "mine.parquet")
    report = inspect(path)
    assert troubles(report) == {"batch_time": Outcome.FAILED}
    assert whats(report, "batch_time") == ["fetched_at is not that of the first row"]


def test_no_time_at_all_is_found(lake, inspect, troubles):
    assert troubles(inspect(lake.snapshot(change=every(fetched_at=None)))) == {
        "batch_time": Outcome.FAILED
    }


def test_a_time_that_no_calendar_has_is_a_finding(lake, inspect, troubles, far_future):
    assert "batch_time" in troubles(inspect(far_future(lake.snapshot())))


def test_fractions_of_a_second_do_not_matter(lake, inspect, troubles):
    def change(rows):
        for row in rows:
            row["fetched_at"] += timedelta(milliseconds=250)

    assert troubles(inspect(lake.snapshot(change=change))) == {}


def test_times_are_compared_in_utc(lake, inspect, troubles):
    caracas = timezone(timedelta(hours=-4))
    at = datetime(2026, 6, 5, 9, 30, tzinfo=caracas)
    assert troubles(inspect(lake.snapshot(change=every(fetched_at=at)))) == {}


def test_a_snapshot_without_rows_passes(lake, inspect, troubles):
    report = inspect(lake.snapshot(change=list.clear))
    assert troubles(report) == {}
    assert report.tallies.named("prices").outcome is Outcome.PASSED
