"""A look inside the census at full scale: where its time goes, and what an ad takes on disk."""

from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.contenders import CENSUS, census_command, data_dir, manifest
from benchmarks.errand import Errand
from benchmarks.time_shares import time_shares
from benchmarks.trial import Course


@dataclass(frozen=True, slots=True)
class Inside:
    """Seconds by part of the code, of a run of ``seconds`` under the profiler."""

    seconds: float
    time_shares: dict[str, float]
    bytes_per_row: float


def look_inside(course: Course) -> Inside:
    """Run the census once under cProfile."""
    profiled = replace(CENSUS, command=_profiled_command)
    with course.errand() as errand:
        run = course.run(profiled, errand, latency=0.0)
        data = data_dir(errand)
        return Inside(run.seconds, time_shares(_profile(errand), data), bytes_per_row(data))


def bytes_per_row(data: Path) -> float:
    """Bytes of the snapshots by their rows, as the manifest of the only batch tells them."""
    snapshots = [file for file in manifest(data)["files"] if "/snapshot_" in file["path"]]
    rows: int = sum(file["rows"] for file in snapshots)
    size: int = sum(file["bytes"] for file in snapshots)
    return size / rows


def _profiled_command(errand: Errand) -> list[str]:
    return census_command("--profile", str(_profile(errand)))


def _profile(errand: Errand) -> Path:
    return errand.folder / "profile"
