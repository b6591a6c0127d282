"""``python -m benchmarks.collecting``: a daemon's hours against the bundled exchange.

``make steady`` asks whether a full census fits its windows, ``make soak`` whether anything leaks in
six hours of faults. Nothing but 127.0.0.1 is asked, and it ends by itself.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.collecting.batches import outcomes
from benchmarks.collecting.daemon import Course, collect
from benchmarks.collecting.report import print_looks, print_outcomes
from benchmarks.exchange import running_exchange
from benchmarks.machine import machine
from benchmarks.process import BenchmarkError

_WIDTH = 150
_PARTIAL_FILES = "**/.*.tmp"
_TERMINATED = 143


def main(arguments: list[str]) -> int:
    """Run, and print what came of it; the exit code says only whether it could be measured."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))  # so that its processes end too
    console = Console(width=max(Console().width, _WIDTH))
    folder = options.folder or Path(tempfile.mkdtemp(prefix="p2p-collecting-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with running_exchange(*_exchange(options)) as exchange:
            asked, looks = collect(exchange, _course(options), folder)
    except BenchmarkError as error:
        print(f"benchmarks.collecting: {error}", file=sys.stderr)
        return 1
    console.print(f"\nOn {machine()}\nin {folder}\n")
    budget = options.limit * options.lanes
    print_outcomes(list(outcomes(folder / "data", asked)), budget, console)
    print_looks(looks, console)
    left = [str(each) for each in (folder / "data").glob(_PARTIAL_FILES)]
    console.print(f"files left half-written: {', '.join(left) or 'none'}")
    return 0


def _exchange(options: argparse.Namespace) -> list[str]:
    words = ["--ads", str(options.ads), "--limit", str(options.limit)]
    words += ["--time-lapse", f"{options.lapse:g}", "--churn", f"{options.churn:g}"]
    words += ["--latency-ms", f"{options.latency_ms:g}"]
    if options.markets:
        words += ["--markets", str(options.markets)]
    return words + [word for fault in options.fault for word in ("--fault", fault)]


def _course(options: argparse.Namespace) -> Course:
    settings = [f"P2P_REQUESTS_PER_MINUTE={options.limit}", *options.set]
    return Course(options.batches, options.interval, options.lapse, settings, options.database)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collecting", description=__doc__)
    parser.add_argument("--batches", type=int, default=8, metavar="N")
    parser.add_argument("--interval", type=int, default=600, metavar="SECONDS")
    parser.add_argument("--lapse", type=float, default=20.0, metavar="FACTOR")
    parser.add_argument("--ads", type=int, default=50_000, metavar="N")
    parser.add_argument("--markets", type=int, metavar="N", help="(default: all 1,792)")
    parser.add_argument(
        "--limit", type=int, default=200, metavar="N", help="requests a minute and lane"
    )
    parser.add_argument(
        "--churn", type=float, default=0.035, metavar="SHARE", help="in ten minutes"
    )
    parser.add_argument(
        "--latency-ms", type=float, default=0.0, metavar="MS", help="real ones, of each answer"
    )
    parser.add_argument(
        "--lanes",
        type=int,
        default=1,
        metavar="N",
        help="addresses that ask (P2P_PROXIES)",
    )
    parser.add_argument("--fault", action="append", default=[], metavar="KIND=SHARE")
    parser.add_argument("--database", default="none", metavar="URL", help="(default: none)")
    parser.add_argument("-s", dest="set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--folder", type=Path, help="(default: a new one of the system's)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
