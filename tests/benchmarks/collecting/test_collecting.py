"""A daemon's hours, in short: what is told of its batches is what the exchange counted."""

import subprocess
from subprocess import PIPE

import pytest
from rich.console import Console

from benchmarks.collecting.__main__ import main
from benchmarks.collecting.batches import outcomes
from benchmarks.collecting.daemon import Course, collect
from benchmarks.collecting.report import print_looks, print_outcomes
from benchmarks.collecting.watching import Look, Watch
from benchmarks.exchange import running_exchange
from benchmarks.process import BenchmarkError

SETTINGS = ("P2P_REQUESTS_PER_MINUTE=600", "P2P_REQUESTS_PER_MINUTE_MAX=600")
COURSE = Course(batches=2, interval=600, lapse=100, settings=SETTINGS, database="none")
MARKETS = ("--markets", "12", "--ads", "300", "--time-lapse", "100")


@pytest.fixture(scope="module")
def hours(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hours")
    with running_exchange(*MARKETS) as exchange:
        asked, looks = collect(exchange, COURSE, folder)
        book = exchange.book()
    return list(outcomes(folder / "data", asked)), looks, book


def test_a_quiet_exchange_is_asked_no_page_too_many(hours):
    found, _, book = hours
    pages = sum(max(1, -(-len(market["natural"]) // 20)) for market in book["markets"])
    assert [(each.searches, each.smallest, each.refused) for each in found] == [
        (pages, pages, 0)
    ] * 2
    assert [each.discoveries > 0 for each in found] == [True, False]
    assert [each.record.status for each in found] == ["completed"] * 2
    assert all(each.oldest is not None and 0 <= each.oldest <= each.minutes * 60 for each in found)


def test_the_daemon_is_watched_all_the_time(hours):
    _, looks, _ = hours
    assert looks[-1].at > COURSE.interval
    assert all(look.memory > 1_000_000 and look.files >= 3 for look in looks)
    assert any(look.batch > 1_000_000 for look in looks)


def test_both_are_told_in_tables(hours):
    found, looks, _ = hours
    console = Console(width=160, record=True)
    print_outcomes(found, 600, console)
    print_looks(looks, console)
    text = console.export_text()
    assert text.count("completed") == 2
    assert f"{sum(each.searches for each in found):,} searches, 0 of them refused" in text
    assert "daemon MB" in text


def test_an_hour_holds_the_most_that_was_seen_in_it():
    console = Console(width=100, record=True)
    looks = [Look(at, int(memory), 5, 1, 0) for at, memory in ((0, 3e6), (3599, 2e6), (3600, 1e6))]
    print_looks(looks, console)
    rows = [line.split("│")[1:3] for line in console.export_text().splitlines() if "│" in line]
    assert [[cell.strip() for cell in row] for row in rows] == [["1", "3.0"], ["2", "1.0"]]


def test_open_files_and_children_are_counted(tmp_path):
    with (tmp_path / "one").open("w") as one, (tmp_path / "two").open("w") as two:
        bare, laden = looks_at("sh", "-c", "cat; :"), looks_at("cat", pass_fds=(one, two))
    assert {look.files for look in laden} == {5}
    assert {look.batch for look in laden} == {0}
    assert max(look.batch for look in bare) > 0


def looks_at(*command, pass_fds=()):
    """What is seen of a process that repeats its input, while it waits for the end of it."""
    numbers = [file.fileno() for file in pass_fds]
    with (
        subprocess.Popen(
            command, stdin=PIPE, stdout=PIPE, stderr=PIPE, pass_fds=numbers
        ) as process,
        Watch(process.pid, lambda: 0.0) as watch,
    ):
        process.stdin.write(b"here")
        process.stdin.flush()
        assert process.stdout.read(4) == b"here"
        watch.look(), watch.look()
        process.stdin.close()
    return watch.looks


def test_a_daemon_that_ends_by_itself_is_told(tmp_path):
    wrong = Course(1, 600, 100, ("P2P_SIDES=UP",), "none")
    with running_exchange(*MARKETS) as exchange, pytest.raises(BenchmarkError, match="no batch"):
        collect(exchange, wrong, tmp_path)
    assert "P2P_SIDES" in (tmp_path / "collect.log").read_text()


def test_it_runs_as_a_command(tmp_path, capfd):
    words = [
        "--batches",
        "1",
        "--markets",
        "3",
        "--ads",
        "60",
        "--lapse",
        "100",
        "--limit",
        "100",
        "--churn",
        "0",
    ]
    assert main([*words, "--folder", str(tmp_path)]) == 0
    out = capfd.readouterr().out
    assert "1.000" in out
    assert "files left half-written: none" in out
