"""``python -m benchmarks.futures_history``: the history beside pandas and a bare pyarrow.csv."""

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.futures_history.speeds import HistorySpeeds, history_speeds
from benchmarks.process import PROJECT, BenchmarkError, python
from benchmarks.report import bars_table, figures_table

_MAKING = "from benchmarks.futures_history.making import make"


def main(arguments: list[str]) -> int:
    """Measure and report; the exit code says only whether everything could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.futures_history")
    parser.add_argument("--rows", type=int, default=3_600_000, help="of the file (3600000: 3 days)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each (default 3)")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="p2p-benchmarks-") as place:
        folder = Path(place)
        # In a process of its own: what this one takes would count for those it starts.
        code = f"{_MAKING}; from pathlib import Path; make(Path({place!r}), {options.rows})"
        subprocess.run(python("-c", code), cwd=PROJECT, check=True)
        try:
            speeds = history_speeds(folder, options.repeat)
        except BenchmarkError as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 1
    console = Console()
    console.print(figures(speeds))
    console.print(bars_table(speeds.bars()))
    return 0


def figures(speeds: HistorySpeeds) -> Table:
    """What each took."""
    table = figures_table("From zip to checked Parquet", "runs", "rows/s", "CPU s", "peak MB")
    for name, runs in speeds.runs.items():
        table.add_row(
            name,
            str(len(runs)),
            f"{speeds.speed(name):,.0f}",
            f"{speeds.cpu(name):.2f}",
            f"{speeds.peak(name):,.0f}",
        )
    rows = next(iter(speeds.runs.values()))[0].rows
    table.caption = (
        f"a file of {rows:,} rows; the middle of the runs, without imports; pyarrow.csv reads the "
        "unpacked file and does nothing with it"
    )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
