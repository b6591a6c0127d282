"""Moments that come twice, and gaps."""

import shutil

import pytest

from items import Side
from p2p_scrapy.lake.inspection import Outcome


def whats(report, check):
    return [finding.what for finding in report.tallies.named(check).findings]


def snapshots(lake, *numbers, manifest=False, **fields):
    for number in numbers:
        lake.snapshot(number=number)
        if manifest:
            lake.manifest(number, **fields)


def test_an_even_cadence_has_no_gap(lake, inspect, troubles):
    snapshots(lake, 0, 1, 2, 3)
    report = inspect(lake.data_dir)
    assert troubles(report) == {}
    assert report.tallies.named("gaps").examined == 4


def test_a_gap_is_measured_by_the_median_step(lake, inspect, troubles):
    snapshots(lake, 0, 1, 2, 4, 5)
    report = inspect(lake.data_dir)
    assert troubles(report) == {"gaps": Outcome.FAILED}
    assert whats(report, "gaps") == [
        (
            "SELL: nothing from 2026-06-05 13:50:00 to 2026-06-05 14:10:00 UTC, 1,200 s "
            "(2.0 intervals of 600 s)"
        )
    ]
    assert report.tallies.named("gaps").findings[0].path == lake.paths(4).snapshot(Side.SELL)


@pytest.mark.parametrize(("interval", "found"), [(600, True), (1000, False), (999, True)])
def test_a_given_interval_goes_first(lake, inspect, troubles, interval, found):
    snapshots(lake, 0, 2, 4, manifest=True, interval_seconds=5000)
    assert ("gaps" in troubles(inspect(lake.data_dir, interval=interval))) is found


def test_the_manifests_interval_goes_before_the_steps(lake, inspect, troubles):
    snapshots(lake, 0, 2, 4, 6, manifest=True)
    report = inspect(lake.data_dir)
    assert troubles(report) == {"gaps": Outcome.FAILED}
    assert report.tallies.named("gaps").count == 3


def test_a_slower_cadence_agreed_on_later_is_no_gap(lake, inspect, troubles):
    snapshots(lake, 0, 1, manifest=True)
    snapshots(lake, 2, 4, 6, manifest=True, interval_seconds=1200)
    assert troubles(inspect(lake.data_dir)) == {}


@pytest.mark.parametrize("interval", [None, 0])
def test_single_crawls_have_no_interval_of_their_own(lake, inspect, troubles, interval):
    snapshots(lake, 0, 2, 4, manifest=True, interval_seconds=interval)
    assert troubles(inspect(lake.data_dir)) == {}


def test_each_side_has_its_own_gaps(lake, inspect):
    for number in range(4):
        lake.snapshot(Side.BUY, number)
    snapshots(lake, 0, 1, 3)
    assert [what[:4] for what in whats(inspect(lake.data_dir, interval=600), "gaps")] == ["SELL"]


def test_samples_have_no_cadence(lake, inspect, troubles):
    snapshots(lake, 0, 1, 2, 9)
    shutil.move(lake.data_dir / "raw", lake.data_dir / "samples")
    assert troubles(inspect(lake.data_dir)) == {}


def test_the_same_moment_in_two_files_is_found(lake, inspect, troubles):
    path = lake.snapshot()
    shutil.copy(path, path.with_name("again.parquet"))
    report = inspect(lake.data_dir)
    assert troubles(report) == {"repeated_timestamps": Outcome.FAILED}
    assert whats(report, "repeated_timestamps") == [
        "SELL of 2026-06-05 13:30:00 is in again.parquet too"
    ]


def test_an_empty_snapshot_has_the_time_of_its_name(lake, inspect, troubles):
    snapshots(lake, 0, 2)
    lake.snapshot(number=1, change=list.clear)
    assert troubles(inspect(lake.data_dir, interval=600)) == {}
