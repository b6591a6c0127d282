"""The warehouse's part of the benchmarks, in a process of its own beside a batch of the census."""

import json
from pathlib import Path

from benchmarks.contenders import CENSUS, data_dir
from benchmarks.process import measured, python
from benchmarks.trial import Course
from benchmarks.warehouse.speeds import Speeds

LEAST_ROUNDS = 3
_LONGEST_ROUND = 300.0


def load_speeds(course: Course, rounds: int) -> Speeds:
    """Let the census fill a lake, and a warehouse load it and others like it.

    Raises:
        BenchmarkError: one of them failed.
    """
    with course.errand() as errand:
        course.run(CENSUS, errand, latency=0.0)
        told = errand.folder / "speeds.json"
        rounds = max(rounds, LEAST_ROUNDS)
        command = python(
            "-m", "benchmarks.warehouse", str(data_dir(errand)), str(rounds), str(told)
        )
        measured(command, {}, errand.folder / "warehouse.txt", rounds * _LONGEST_ROUND)
        return _told(told)


def _told(path: Path) -> Speeds:
    return Speeds(**json.loads(path.read_bytes()))
