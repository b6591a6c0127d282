"""A process from its start to its end: how long it took, and what it took."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

PROJECT = Path(__file__).parents[1]
_SURROUNDINGS_OF_OTHERS = ("P2P_", "SCRAPY_", "DATABASE_URL", "USER_AGENT")
_BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024
_SHOWN_OF_LOG = 2000


class BenchmarkError(Exception):
    """A measurement could not be taken; the message says of what, and why."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took.

    Attributes:
        began_at: seconds since 1970.
        seconds: from its start to its end.
        cpu_seconds: user and system time.
        peak: resident memory at its most, in bytes. Linux counts what the parent had when it
            started the child, so the parent has to be small: it loads no large library before.
    """

    began_at: float
    seconds: float
    cpu_seconds: float
    peak: int


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """The environment, without what would change a contender, and without proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_SURROUNDINGS_OF_OTHERS) and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}


def python(*arguments: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *arguments]


def measured(
    command: list[str],
    more: Mapping[str, str],
    log: Path,
    timeout: float,
    allowed: Collection[int] = (0,),
) -> Usage:
    """Run a command to its end; its output goes to the log.

    Raises:
        BenchmarkError: its exit code is none of the allowed ones, or it was stopped after
            ``timeout`` seconds.
    """
    began_at, start = time.time(), time.monotonic()
    with log.open("wb") as output, _killed_after(command, more, output.fileno(), timeout) as child:
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        tail = log.read_text(errors="replace")[-_SHOWN_OF_LOG:]
        raise BenchmarkError(f"{' '.join(command)} ended with {child.returncode}:\n{tail}")
    peak = usage.ru_maxrss * _BYTES_OF_MAXRSS
    return Usage(began_at, seconds, usage.ru_utime + usage.ru_stime, peak)


@contextmanager
def _killed_after(
    command: list[str], more: Mapping[str, str], output: int, timeout: float
) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(
        command, cwd=PROJECT, env=surroundings(more), stdout=output, stderr=subprocess.STDOUT
    )
    timer = Timer(timeout, child.kill)
    timer.start()
    try:
        yield child
    finally:
        timer.cancel()
        if child.returncode is None:
            child.kill()
            child.wait()
