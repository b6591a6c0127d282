"""``python -m benchmarks.proof``: what "complete" is worth while the ads move all the time."""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.process import BenchmarkError
from benchmarks.proof.course import Course, rounds
from benchmarks.proof.figures import by_size, cost, figures
from benchmarks.proof.report import print_figures


def main(arguments: list[str]) -> int:
    """Measure and report; the exit code says only whether it could be measured."""
    options = _options(arguments)
    document = options.pop("json")
    try:
        with TemporaryDirectory(prefix="p2p-proof-") as place:
            taken = list(rounds(Course(**options), Path(place)))
    except BenchmarkError as error:
        print(f"benchmarks.proof: {error}", file=sys.stderr)
        return 1
    judgements = [each for one in taken for each in one.judgements]
    classes, whole, price = by_size(judgements), figures(judgements), cost(taken)
    print_figures(classes, whole, price)
    if document:
        told = {name: each.document() for name, each in {**classes, "all": whole}.items()}
        document.write_text(json.dumps(told | {"cost": price}, indent=2) + "\n")
    return 0


def _options(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proof", description=__doc__)
    add = parser.add_argument
    add("--sweeps", type=int, default=1_000, metavar="N", help="at least (default 1000)")
    add(
        "--churn",
        type=float,
        default=0.035,
        metavar="SHARE",
        help="of the ads that change in ten minutes (default 0.035, as measured)",
    )
    add("--pace", type=float, default=1.0, metavar="F", help="times as fast as life (default 1)")
    add("--budget", type=int, default=3_000, metavar="N", help="requests a minute (default 3000)")
    add("--markets", type=int, default=100, metavar="N", help="in each batch (default 100)")
    add("--ads", type=int, default=18_000, metavar="N", help="in all books (default 18000)")
    add("--seed", type=int, default=1, metavar="N", help="of the exchange (default 1)")
    add("--json", type=Path, metavar="FILE", help="write all figures there too")
    return vars(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
