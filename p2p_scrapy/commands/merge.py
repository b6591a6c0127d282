"""``scrapy merge``: a day's snapshots as one small file."""

import argparse
from datetime import date, timedelta
from typing import TYPE_CHECKING

from p2p_scrapy.clock import Clock, SystemClock
from p2p_scrapy.command import ProjectCommand
from p2p_scrapy.config import Config
from p2p_scrapy.errors import UsageError

if TYPE_CHECKING:
    from p2p_scrapy.lake.merge import DailyMerge

YESTERDAY = "yesterday"


class Command(ProjectCommand):
    """Merges the closed batches of a UTC day that is over; the snapshots stay.

    The exit code is 1 where nothing was merged, 2 where --day is no day that is over, 4 where
    another merge is at it, else 0.
    """

    configures_logging = False

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--day D]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Merge a day's snapshots into one file"

    def long_desc(self) -> str:
        """What ``scrapy merge -h`` says."""
        return (
            "Writes all snapshots of the batches that began on a UTC day into one file below "
            "raw/daily_merged, ordered by ad and time. The snapshots stay. A second run does "
            "nothing, unless a batch of that day was closed meanwhile."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --day."""
        super().add_options(parser)
        parser.add_argument(
            "--day",
            metavar="D",
            default=YESTERDAY,
            help=f"such as 2026-11-20, UTC (default: {YESTERDAY})",
        )

    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Merge the day and say what came of it."""
        clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
        self._merge(config, finished_day(opts.day, clock), clock)
        return 0

    def _merge(self, config: Config, day: date, clock: Clock) -> None:
        from p2p_scrapy.lake.merge import DailyMerge

        merge = DailyMerge(config.data_dir, day)
        if merge.is_current:
            _tell(f"{day} is merged already: nothing is new in {_batches(merge)}")
        else:
            since = clock.monotonic()
            _write(merge)
            _tell(f"{day}: {_figures(merge)} in {clock.monotonic() - since:.1f} s")
        _tell(str(merge.path))
        if merge.closed.running:
            _tell("a batch that began on that day is not closed yet: merge again when it is")


def finished_day(text: str, clock: Clock) -> date:
    """The day that --day names.

    Raises:
        UsageError: it names none, or one that is not over in UTC: its batches are still to come.
    """
    last = clock.now().date() - timedelta(days=1)
    if text == YESTERDAY:
        return last
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = f"--day is {text!r}; it must be a day such as 2026-11-20, or {YESTERDAY}"
        raise UsageError(message) from error
    if day > last:
        raise UsageError(f"{day} is not over yet; in UTC the last day that is over is {last}")
    return day


def _write(merge: "DailyMerge") -> None:
    """Write the file, with a bar where somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task("merging", total=merge.steps)
        merge.write(lambda: bar.advance(task))


def _figures(merge: "DailyMerge") -> str:
    rows, size = merge.closed.rows, merge.path.stat().st_size
    a_row = f", {size / rows:.1f} a row" if rows else ""
    return f"{rows:,} rows of {_batches(merge)} in {size:,} bytes{a_row},"


def _batches(merge: "DailyMerge") -> str:
    number = merge.closed.batches
    return f"{number:,} batch" if number == 1 else f"{number:,} batches"


def _tell(line: str) -> None:
    print(line)  # noqa: T201 - what the command is asked for
