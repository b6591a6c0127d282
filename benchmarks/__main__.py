"""``python -m benchmarks``: measures everything in one run, and prints a report."""

import argparse
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.contenders import BARE, CENSUS, LIMIT, PLAIN
from benchmarks.exchange import running_exchange
from benchmarks.inside import look_inside
from benchmarks.machine import machine
from benchmarks.pages import bodies_of
from benchmarks.process import BenchmarkError
from benchmarks.report import print_report
from benchmarks.results import Leg, Results
from benchmarks.rounds import rounds
from benchmarks.skew import skew
from benchmarks.trial import Course
from benchmarks.warehouse.leg import load_speeds

_SIGTERM_EXIT = 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Options:
    """How much to measure; ``latency_ms`` are milliseconds before every answer of the far leg."""

    repeat: int
    latency_ms: float
    ads: int
    json: Path | None


def main(arguments: list[str]) -> int:
    """Measure and report; the exit code says only whether everything could be measured."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_SIGTERM_EXIT))
    try:
        results = _measure(options)
    except BenchmarkError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    print_report(results, Console())
    if options.json:
        options.json.write_text(json.dumps(results.document(), indent=2) + "\n")
    return 0


def _measure(options: Options) -> Results:
    with (
        TemporaryDirectory(prefix="p2p-benchmarks-") as place,
        running_exchange("--ads", str(options.ads)) as exchange,
    ):
        book = exchange.book()
        course = Course(exchange, book, list(bodies_of(book)), Path(place))
        near = _near(course, options)
        far = _far(course, options)
        inside, apart = look_inside(course), skew(Path(place))
        loads = load_speeds(course, options.repeat)
        return Results(machine(), near, far, inside, apart, loads)


def _near(course: Course, options: Options) -> Leg:
    times = dict.fromkeys((CENSUS, BARE, PLAIN, LIMIT), options.repeat)
    return Leg(0.0, rounds(course, times, 0.0))


def _far(course: Course, options: Options) -> Leg:
    """Plain once only: it does nothing but wait, thousands of times, which varies little."""
    latency = options.latency_ms / 1000
    times = dict.fromkeys((CENSUS, BARE), options.repeat) | {PLAIN: 1, LIMIT: 1}
    return Leg(latency, rounds(course, times, latency))


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--repeat", type=int, default=3, metavar="N", help="runs of each contender (default 3)"
    )
    parser.add_argument(
        "--latency-ms",
        type=float,
        default=50.0,
        metavar="MS",
        help="before every answer in the second half; the real exchange takes 240 to 340, "
        "and plain then 20 minutes (default 50)",
    )
    parser.add_argument(
        "--ads", type=int, default=50_000, metavar="N", help="in all books (default 50000)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    return Options(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
