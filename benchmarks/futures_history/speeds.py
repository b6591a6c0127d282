"""What the contenders took, in turns, and the bars that follow."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bars import AT_LEAST, UNDER, Bar
from benchmarks.futures_history.work import BARE, CONTENDERS, OURS, PANDAS
from benchmarks.process import measured, python

_LONGEST = 600.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``peak`` is the process's memory at its most, in bytes."""

    seconds: float
    rows: int
    cpu_seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class HistorySpeeds:
    """All runs, by contender."""

    runs: Mapping[str, list[Run]]

    def speed(self, name: str) -> float:
        """Rows a second, in the middle of the runs."""
        return median(run.rows / run.seconds for run in self.runs[name])

    def peak(self, name: str) -> float:
        """Memory at its most, in MB of a million bytes."""
        return max(run.peak for run in self.runs[name]) / _MEGABYTE

    def cpu(self, name: str) -> float:
        """CPU seconds of the whole process, in the middle."""
        return median(run.cpu_seconds for run in self.runs[name])

    def bars(self) -> Iterator[Bar]:
        """What the history must reach."""
        speed = self.speed(OURS)
        yield Bar("rows/s by pandas", speed / self.speed(PANDAS), AT_LEAST, 1.5, "times")
        yield Bar("rows/s by bare pyarrow.csv", speed / self.speed(BARE), AT_LEAST, 0.2, "times")
        yield Bar("peak memory", self.peak(OURS), UNDER, 1000, "MB")


def history_speeds(folder: Path, rounds: int) -> HistorySpeeds:
    """Let each contender work as often as told, in turns, on the file in the folder.

    Raises:
        BenchmarkError: one failed.
    """
    runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, made in runs.items():
            made.append(_run(name, folder))
    return HistorySpeeds(runs)


def _run(name: str, folder: Path) -> Run:
    log = folder / "work.txt"
    usage = measured(
        python("-m", "benchmarks.futures_history.work", name, str(folder)), {}, log, _LONGEST
    )
    told = json.loads(log.read_text().splitlines()[-1])
    return Run(told["seconds"], told["rows"], usage.cpu_seconds, usage.peak)
