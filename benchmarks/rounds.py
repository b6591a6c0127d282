"""Contenders in turns, so that whatever else the machine does meanwhile hits all alike."""

from collections.abc import Mapping

from rich.console import Console

from benchmarks.contenders import Contender
from benchmarks.trial import Course, Run

_progress = Console(stderr=True)


def rounds(
    course: Course, times: Mapping[Contender, int], latency: float
) -> dict[Contender, list[Run]]:
    """Let each contender run as often as it is told, in turns."""
    runs: dict[Contender, list[Run]] = {contender: [] for contender in times}
    for number in range(max(times.values())):
        for contender in (each for each, most in times.items() if number < most):
            with course.errand() as errand:
                runs[contender].append(run := course.run(contender, errand, latency))
            _progress.print(f"{latency * 1000:.0f} ms, {contender.name}: {run.seconds:.1f} s")
    return runs
