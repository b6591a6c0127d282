"""How a run of the history ends: exit codes, signals, kills, a full disk, a terminal."""

import os
import random
import re
import signal
import subprocess
import sys
from datetime import date

import pytest

from tests.futures.archive.runs import ROOT, arguments_of, options
from tests.futures.archive.truth import as_meant, as_written
from tests.life.test_terminal import on_a_terminal


@pytest.fixture
def start(lake, surroundings):
    """Start a run, to interfere with it."""
    started = []

    def begin(exchange, **given):
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *arguments_of(exchange, lake.folder, **given)],
            cwd=ROOT,
            env=surroundings,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def until(process, told):
    """Read the log until a line tells it; what was read."""
    read = []
    for line in process.stderr:
        read.append(line)
        if told in line:
            return "".join(read)
    raise AssertionError("".join(read))


def test_a_wrong_argument_and_a_wrong_setting(open_archive, history):
    exchange = open_archive()
    code, log = history(exchange, symbols="../etc")
    told = "scrapy crawl: argument symbols is '../etc'; it must be symbols between commas"
    assert (code, log.splitlines()[-1].startswith(told)) == (2, True), log
    code, log = history(exchange, FUTURES_ARCHIVE_URL="ftp://x")
    told = "scrapy crawl: setting FUTURES_ARCHIVE_URL is 'ftp://x'; it must be an address"
    assert (code, log.splitlines()[-1].startswith(told)) == (2, True), log


def test_an_archive_that_cannot_be_reached(open_archive, history):
    url = "http://127.0.0.1:1"
    code, log = history(open_archive(), FUTURES_LISTING_URL=url, P2P_RETRIES=1)
    assert code == 1
    assert "it cannot be said what the archive holds" in log
    assert "(tries: 2)" in log


def test_a_symbol_that_there_is_not(open_archive, history, lake):
    code, log = history(open_archive(), symbols="BTCUSTD")
    assert code == 3
    assert "The archive has nothing of BTCUSTD aggTrades: is the symbol right?" in log
    assert not lake.stems


def test_a_month_that_cannot_be_read_is_taken_in_days(open_archive, history, lake):
    month = "BTCUSDT-aggTrades-2026-09"
    exchange = open_archive(faults=(f"broken-row@{month}",))
    code, log = history(exchange, start="2026-09", end="2026-09")
    assert code == 3
    assert f"{month} is not stored: row 1801 cannot be read" in log
    assert lake.stems == [f"{month}-{day:02d}" for day in range(1, 31)]
    assert not lake.gaps()


def test_a_lost_month_is_no_gap_where_its_symbol_was_not_traded(open_archive, history, lake):
    symbol, month = "BTCUSDT_260925", "BTCUSDT_260925-aggTrades-2026-09"
    absent = [f"missing-file@{month}-{days}" for days in ("0*", "26", "27", "28", "29", "30")]
    faults = (f"broken-row@{month}", *absent)
    exchange = open_archive(symbols=(symbol,), start=date(2026, 9, 1), faults=faults)
    code, log = history(exchange, symbols=symbol, start="2026-08", end="2026-09")
    assert code == 3
    assert f"{month} is not stored: row 1801 cannot be read" in log
    assert lake.stems == [f"{month}-{day}" for day in range(10, 26)]
    assert not lake.gaps(f"{symbol}-aggTrades")


def test_a_month_takes_the_place_of_its_days(open_archive, history, lake):
    missing = "BTCUSDT-aggTrades-2026-09-12"
    month = {"start": "2026-09", "end": "2026-09"}
    exchange = open_archive(end=date(2026, 9, 29), faults=(f"missing-file@{missing}",))
    assert history(exchange, **month)[0] == 3
    assert len(lake.stems) == 28
    exchange.adjust(archive=options(faults=(f"missing-file@{missing}",)))
    code, log = history(exchange, **month)
    assert code == 0, log
    assert lake.stems == ["BTCUSDT-aggTrades-2026-09"]
    assert [gap["healed"] for gap in lake.gaps()] == [True, True]


def test_two_runs_do_not_share_a_folder(open_archive, history, lake):
    from p2p_scrapy.census.folder import FolderLock  # noqa: PLC0415

    folder = lake.folder / "downloads"
    folder.mkdir(parents=True)
    lock = FolderLock(folder).acquire()
    try:
        code, log = history(open_archive())
    finally:
        lock.release()
    assert code == 4
    assert f"is running in {folder}" in log


def test_a_signal_ends_it_in_order_and_the_next_run_goes_on(open_archive, start, history, lake):
    exchange = open_archive()
    process = start(exchange, end="2026-09-29")
    until(process, "-2026-09-01: 120 rows")
    process.send_signal(signal.SIGTERM)
    rest = process.stderr.read()
    process.wait()
    assert process.returncode == 3, rest
    assert "SIGTERM: what is being read is stored" in rest
    assert "ended early by a signal" in rest
    stored = len(lake.stems)
    assert stored < 31
    assert not [path for path in lake.leftovers() if path.suffix != ".part"]
    code, log = history(exchange, end="2026-09-29")
    assert code == 0, log
    assert f"{stored} files were here" in log


@pytest.mark.long
def test_after_kills_at_random_moments_all_is_there_once(open_archive, start, history, lake):
    exchange = open_archive(faults=("cut-file@BTCUSDT-aggTrades-2026-09-1*",))
    chance = random.Random(6)
    for _ in range(3):
        process = start(exchange)
        until(process, "files to fetch")
        for _ in range(chance.randrange(3)):
            if not process.stderr.readline():
                break
        process.kill()
        process.wait()
    code, log = history(exchange)
    assert code == 0, log
    assert len(lake.stems) == 6
    for stem in lake.stems:
        assert as_written(lake.rows(stem)) == as_meant(stem)


def test_a_full_disk_ends_it_with_what_is_safely_written(open_archive, history, small_disk):
    exchange = open_archive(trades=20_000, end=date(2026, 8, 31))
    code, log = history(exchange, P2P_DATA_DIR=small_disk)
    assert code == 1
    assert "the data folder cannot be written: " in log
    assert "No space left on device" in log
    assert not list(small_disk.rglob(".*.parquet.tmp"))


def test_a_person_sees_a_bar_and_a_table(open_archive, lake):
    faults = ("zero-quantity@BTCUSDT-aggTrades-2026-10-01", "missing-file@*-2026-10-02")
    command = arguments_of(open_archive(faults=faults), lake.folder)
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "DATABASE_URL": "none"}
    code, text = on_a_terminal(command, ROOT, environment)
    assert code == 3, text
    assert re.search(r"files 5/5 .*4,0\d\d rows|files 5/5 .*rows", text)
    assert "The history: not all there, took" in text
    assert re.search(r"BTCUSDT aggTrades +│ +5 of 5 │ +4,080 │", text)
    assert "quantity not above 0 in 3 rows (row 1, 51, 101)" in text
    assert "the archive has no such file" in text
    assert "INFO" not in text  # that is in the log file
    assert "history: not all there" in (lake.folder / "logs/futures_history.log").read_text()
