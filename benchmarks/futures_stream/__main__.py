"""``python -m benchmarks.futures_stream``: live messages from a socket to closed Parquet files."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.futures_stream.messages import BOOKS, TRADES, messages
from benchmarks.futures_stream.trial import CRYPTOFEED, PLAIN, SPIDER, Outcome, trial
from benchmarks.machine import machine
from benchmarks.process import BenchmarkError

CONTENDERS = Path("build/contenders")
STEADY_SECONDS = 20
STEADY = {TRADES: 50_000, BOOKS: 10_000}
"""Messages a second that a long run must store: what it takes then, of memory most of all."""
COURSES = {
    TRADES: (250_000, (SPIDER, CRYPTOFEED, PLAIN)),
    BOOKS: (50_000, (SPIDER, PLAIN)),
}
"""Messages of each stream, and who takes them. All of them fit the spider's inbox (64 MiB), so that
they may come faster than they are kept and none is dropped."""


def main(arguments: list[str]) -> int:
    """Measure and report; the exit code says only whether everything could be measured."""
    options = _options(arguments)
    try:
        outcomes = list(_measure(options.contenders, options.repeat))
    except OSError as error:
        print(f"The stream is not measured: {error}")
        return 0
    except BenchmarkError as error:
        print(f"benchmarks.futures_stream: {error}", file=sys.stderr)
        return 1
    _print(outcomes)
    return 0


def _measure(contenders: Path, repeat: int) -> Iterator[Outcome]:
    has_others = (contenders / "cryptofeed").is_dir()
    if not has_others:
        print(f"Alone: pip install --target {contenders} cryptofeed websockets brings the others.")
    for stream, (number, collectors) in COURSES.items():
        frames = messages(stream, number)
        for collector in collectors if has_others else (SPIDER,):
            tries = [trial(collector, stream, frames, contenders) for _ in range(repeat)]
            yield max(tries, key=lambda each: each.rate)
    for stream, rate in STEADY.items():
        frames = messages(stream, rate * STEADY_SECONDS)
        yield replace(
            trial(SPIDER, stream, frames, contenders, rate), stream=f"{stream}, {rate:,} a second"
        )


def _print(outcomes: list[Outcome]) -> None:
    table = Table(title="Live futures, from a socket to closed Parquet files, on one core")
    for name in ("stream", "collector", "messages/s", "stored", "CPU µs each", "memory at most"):
        table.add_column(name, justify="left" if name in ("stream", "collector") else "right")
    for each in outcomes:
        table.add_row(
            each.stream,
            each.collector,
            f"{each.rate:,.0f}",
            f"{each.stored:,} of {each.played:,}",
            f"{each.cpu_seconds / each.played * 1e6:.1f}",
            f"{each.peak / 1e6:,.0f} MB",
        )
    console = Console(width=130)
    console.print(table)
    console.print(machine())


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.futures_stream", description=__doc__
    )
    parser.add_argument(
        "--contenders",
        type=Path,
        default=CONTENDERS,
        metavar="DIR",
        help=f"where cryptofeed and websockets are (default {CONTENDERS})",
    )
    parser.add_argument("--repeat", type=int, default=2, metavar="N", help="best of (default 2)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
