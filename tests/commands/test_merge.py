"""``scrapy merge`` from its arguments to its exit code."""

import argparse
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from scrapy.settings import Settings

from items import AD_SCHEMA, BatchRecord, Side, Status
from p2p_scrapy.commands.merge import Command, finished_day
from p2p_scrapy.errors import UsageError
from p2p_scrapy.journal import Journal
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.parquet import write_table
from p2p_scrapy.lake.paths import BatchPaths, merged_path

AT = datetime(2026, 6, 5, 23, 50, tzinfo=UTC)
DAY = "2026-06-05"


class FixedClock:
    def __init__(self, *moment):
        self.moment = datetime(*moment, tzinfo=UTC)

    def now(self):
        return self.moment


def record_of(at, files):
    nothing = dict.fromkeys(
        ("interval_seconds", "planned", "complete", "partial", "failed", "old_ads"), 0
    )
    lists = {name: [] for name in ("unread", "unknown_fiats", "shortfalls", "slow", "alerts")}
    tables = {name: {} for name in ("scope", "ads", "refused", "changes", "requests", "errors")}
    told = {"batch_id": "b", "status": Status.COMPLETED, "sample": False, "catalogue": "exchange"}
    unknown = {"negative_spreads": 0, "completeness": None, "coverage": None, "stopped": None}
    return BatchRecord(
        **nothing, **lists, **tables, **told, **unknown, started_at=at, ended_at=at, files=files
    )


@pytest.fixture
def close_batch(tmp_path):
    """A closed batch of as many asks as asked for, ten minutes after the last one."""

    def close(asks=1, minutes=0):
        at = AT + timedelta(minutes=minutes)
        paths = BatchPaths(tmp_path, at)
        row = dict.fromkeys(AD_SCHEMA.names) | {"fetched_at": at, "observed_at": at}
        rows = [row | {"adv_no": str(number)} for number in range(asks)]
        path = paths.snapshot(Side.SELL)
        write_table(pa.Table.from_pylist(rows, schema=AD_SCHEMA), path)
        manifest.write(record_of(at, [manifest.describe(path, asks, tmp_path)]), paths.manifest)
        return paths

    return close


@pytest.fixture
def merge(tmp_path, capsys):
    """Run the command in this process; its exit code and what it printed."""

    def run(*argv):
        command = Command()
        command.settings = Settings({"P2P_DATA_DIR": str(tmp_path)})
        parser = argparse.ArgumentParser(prog="scrapy merge")
        command.add_options(parser)
        options, arguments = parser.parse_known_args(argv)
        command.process_options(arguments, options)
        command.run(arguments, options)
        printed = capsys.readouterr()
        return command.exitcode, printed.out, printed.err

    return run


def test_a_day_is_merged_and_told(close_batch, merge, tmp_path):
    close_batch(1200)
    close_batch(34, minutes=-10)
    code, out, err = merge("--day", DAY)
    path = merged_path(tmp_path, date(2026, 6, 5))
    size = path.stat().st_size
    assert (code, err) == (0, "")
    told, where = out.splitlines()
    a_row = f"{size / 1234:.1f} a row"
    assert told.startswith(f"{DAY}: 1,234 rows of 2 batches in {size:,} bytes, {a_row}, in ")
    assert where == str(path)
    assert pq.read_metadata(path).num_rows == 1234


def test_a_second_run_does_nothing_and_says_so(close_batch, merge, tmp_path):
    close_batch()
    merge("--day", DAY)
    path = merged_path(tmp_path, date(2026, 6, 5))
    before = path.stat().st_mtime_ns
    code, out, _ = merge("--day", DAY)
    assert (code, path.stat().st_mtime_ns) == (0, before)
    assert out.splitlines() == [
        f"{DAY} is merged already: nothing is new in 1 batch",
        str(path),
    ]


def test_a_batch_that_was_added_is_merged_in(close_batch, merge):
    close_batch()
    merge("--day", DAY)
    close_batch(minutes=5)
    assert "2 rows of 2 batches" in merge("--day", DAY)[1]


def test_a_batch_that_still_runs_is_told(close_batch, merge):
    paths = close_batch()
    Journal(paths.journal).close()
    assert "not closed yet: merge again when it is" in merge("--day", DAY)[1]


def test_a_day_without_an_ad(close_batch, merge):
    close_batch(0)
    code, out, _ = merge("--day", DAY)
    assert code == 0
    assert out.startswith(f"{DAY}: 0 rows of 1 batch in ")


def test_a_day_without_a_closed_batch_ends_with_1_and_one_line(merge, tmp_path):
    code, out, err = merge("--day", DAY)
    assert (code, out) == (1, "")
    assert err == (f"scrapy merge: no batch of {DAY} is closed in {tmp_path}: nothing to merge\n")


def test_a_damaged_snapshot_ends_with_1_and_one_line(close_batch, merge, tmp_path):
    path = close_batch().snapshot(Side.SELL)
    path.write_bytes(b"damaged")
    code, out, err = merge("--day", DAY)
    assert (code, out) == (1, "")
    assert err.startswith(f"scrapy merge: {path} cannot be read")
    assert err.count("\n") == 1
    assert not merged_path(tmp_path, date(2026, 6, 5)).exists()


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--day", "soon"], "--day is 'soon'; it must be a day such as 2026-11-20, or yesterday"),
        (["--day", "2026-02-30"], "--day is '2026-02-30'"),
        (["--day", ""], "--day is ''"),
        (["--day", "9999-12-31"], "9999-12-31 is not over yet"),
        (["--month", "6"], "--month is no option"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(merge, argv, told):
    code, out, err = merge(*argv)
    assert (code, out) == (2, "")
    assert err.startswith("scrapy merge: ")
    assert told in err
    assert err.count("\n") == 1


def test_yesterday_is_of_utc():
    assert finished_day("yesterday", FixedClock(2026, 3, 1, 0, 0)) == date(2026, 2, 28)
    assert finished_day("yesterday", FixedClock(2026, 3, 1, 23, 59)) == date(2026, 2, 28)


def test_a_day_can_be_merged_as_soon_as_it_is_over():
    assert finished_day("2026-02-28", FixedClock(2026, 3, 1, 0, 0)) == date(2026, 2, 28)
    with pytest.raises(UsageError, match="the last day that is over is 2026-02-27"):
        finished_day("2026-02-28", FixedClock(2026, 2, 28, 23, 59, 59))


def test_a_terminal_shows_how_far_it_is(close_batch, merge, monkeypatch):
    close_batch()
    monkeypatch.setattr(Console, "is_terminal", True)
    code, _, err = merge("--day", DAY)
    assert code == 0
    assert "merging" in err


def test_the_default_is_yesterday(scrapy):
    today = [datetime.now(UTC).date()]
    done = scrapy("merge")
    today.append(datetime.now(UTC).date())
    assert done.returncode == 1
    assert done.stdout == ""
    assert any(f"no batch of {day - timedelta(days=1)} is closed" in done.stderr for day in today)
