"""``scrapy collect`` against the bundled exchange, until so many batches are closed."""

import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.collecting.batches import Asked
from benchmarks.collecting.watching import Look, Watch
from benchmarks.exchange import Exchange
from benchmarks.process import PROJECT, BenchmarkError, python, surroundings

_SECONDS_TO_END = 60.0
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Course:
    """How long, how fast and under what: ``lapse`` seconds of the exchange in a real one."""

    batches: int
    interval: int
    lapse: float
    settings: Sequence[str]
    database: str


def collect(exchange: Exchange, course: Course, folder: Path) -> tuple[list[Asked], list[Look]]:
    """Run the daemon; what was asked by the end of each batch, and what was seen of it meanwhile.

    Raises:
        BenchmarkError: it ends by itself, or a batch does not come in three intervals.
    """
    began = time.monotonic()
    log = folder / "collect.log"
    with log.open("wb") as output:
        daemon = subprocess.Popen(
            _command(exchange, course, folder / "data"),
            cwd=PROJECT,
            env=surroundings({"DATABASE_URL": course.database}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        with daemon, Watch(daemon.pid, lambda: (time.monotonic() - began) * course.lapse) as watch:
            try:
                return _asked(exchange, course, folder / "data", daemon.poll), watch.looks
            finally:
                _end(daemon)


def _command(exchange: Exchange, course: Course, data_dir: Path) -> list[str]:
    settings = {
        "P2P_BASE_URL": exchange.url,
        "P2P_DATA_DIR": str(data_dir),
        "P2P_TIME_LAPSE": f"{course.lapse:g}",
    }
    given = [f"{name}={value}" for name, value in settings.items()] + [*course.settings]
    options = [word for each in given for word in ("-s", each)]
    return python("-m", "scrapy", "collect", "--interval", str(course.interval), *options)


def _asked(
    exchange: Exchange, course: Course, data_dir: Path, poll: Callable[[], int | None]
) -> list[Asked]:
    asked: list[Asked] = []
    patience = 3 * course.interval / course.lapse + 60
    deadline = time.monotonic() + patience
    while len(asked) < course.batches:
        closed = len(list(data_dir.glob("raw/batches/*/*/*/*.json")))
        if closed > len(asked):
            asked.append(Asked(*exchange.totals()))
            deadline = time.monotonic() + patience
        elif poll() is not None or time.monotonic() > deadline:
            raise BenchmarkError(f"no batch after the {len(asked)}th; see {data_dir.parent}")
        time.sleep(_LOOK_SECONDS)
    return asked


def _end(daemon: "subprocess.Popen[bytes]") -> None:
    daemon.terminate()
    try:
        daemon.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        daemon.kill()
