"""``python -m benchmarks.month``: thirty days at full scale, and how the warehouse bears them.

May be stopped and started again with the same arguments: it goes on where it was.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.month.batches import Calendar
from benchmarks.month.figures import measure
from benchmarks.month.report import print_figures
from benchmarks.month.running import Month, Stop, run
from benchmarks.month.sizes import vacuum
from benchmarks.month.sowing import sow
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.embedded import EmbeddedServer

_FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
_STOPPED = 130
_FOLDER = Path("build/month")


@dataclass(frozen=True, slots=True)
class Options:
    """What to make, and into which database."""

    dsn: str | None
    folder: Path
    days: int
    ads: int
    batches_per_day: int
    seed_lake: Path | None
    random_seed: int
    figures: bool


def main(arguments: list[str]) -> int:
    """Make, load, and measure; the exit code says whether the month is whole."""
    options = _options(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    with _database(options) as dsn, connected(dsn) as connection:
        month, stop = _month(options), Stop()
        if not options.figures:
            sow(options.folder, options.seed_lake, options.ads)
            if not run(month, connection, stop):
                return _STOPPED
        figures = measure(month, connection, vacuum(connection))
    print_figures(figures, Console())
    (options.folder / "figures.json").write_text(json.dumps(figures.document(), indent=2) + "\n")
    return 0


@contextmanager
def _database(options: Options) -> Iterator[str]:
    if options.dsn:
        yield options.dsn
        return
    with EmbeddedServer(options.folder) as server:
        yield server.dsn


def _month(options: Options) -> Month:
    calendar = Calendar(_FIRST_DAY, options.batches_per_day)
    batches = options.days * options.batches_per_day
    return Month(options.folder, calendar, batches, options.random_seed)


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.month", description=__doc__)
    add = parser.add_argument
    add("--dsn", help="the database, empty at first (default: a server in the folder)")
    add("--folder", type=Path, default=_FOLDER, help=f"for state and figures (default {_FOLDER})")
    add("--days", type=int, default=30, metavar="N", help="how many (default 30)")
    add("--ads", type=int, default=50_000, metavar="N", help="in all books (default 50000)")
    add("--batches-per-day", type=int, default=144, metavar="N", help="(default 144)")
    add("--seed-lake", type=Path, metavar="DIR", help="start from the newest batch of this lake")
    add("--random-seed", type=int, default=1, metavar="N", help="(default 1)")
    add("--figures", action="store_true", help="make nothing, only measure what is there")
    return Options(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
