"""One collector, one stream: from the first message on the socket to the end of the process."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from resource import struct_rusage
from tempfile import TemporaryDirectory

from benchmarks.futures_stream.messages import BOOKS
from benchmarks.futures_stream.player import Player
from benchmarks.process import PROJECT, BenchmarkError, surroundings

SPIDER, CRYPTOFEED, PLAIN = (
    "the stream spider",
    "cryptofeed's handler",
    "websockets + json + pandas",
)
_SHOWN_OF_LOG = 2000
_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a collector made of ``played`` messages.

    Attributes:
        seconds: from the first message to the end of the process, all files closed.
        cpu_seconds: of the process, its start included.
        peak: resident memory at its most until the last message had been read, bytes.
    """

    collector: str
    stream: str
    played: int
    stored: int
    seconds: float
    cpu_seconds: float
    peak: int

    @property
    def rate(self) -> float:
        """Messages stored a second."""
        return self.stored / self.seconds


def trial(
    collector: str, stream: str, frames: Sequence[bytes], contenders: Path, rate: float = inf
) -> Outcome:
    """Let a collector take the messages on a core of its own, at most ``rate`` a second.

    Raises:
        BenchmarkError: it failed.
    """
    with TemporaryDirectory(prefix="p2p-futures-") as place:
        return asyncio.run(_run(collector, stream, Player(frames, rate), contenders, Path(place)))


async def _run(
    collector: str, stream: str, player: Player, contenders: Path, place: Path
) -> Outcome:
    log = place / "log"
    async with player.serving() as port:
        child = _start(_command(collector, stream, port, place), port, contenders, place, log)
        usage, peak = await _end_of(child, player, collector)
        seconds = time.monotonic() - player.began_at
    if child.returncode:
        tail = log.read_text("utf-8", "replace")[-_SHOWN_OF_LOG:]
        raise BenchmarkError(f"{collector} ended with {child.returncode}:\n{tail}")
    cpu = usage.ru_utime + usage.ru_stime
    return Outcome(collector, stream, player.number, _rows(place), seconds, cpu, peak)


def _start(
    command: list[str], port: int, contenders: Path, place: Path, log: Path
) -> "subprocess.Popen[bytes]":
    """The process, on the last core; everything else is on the others, where there are any."""
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=surroundings(_settings(port, contenders, place)),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(child.pid, cores[-1:])
    return child


async def _end_of(
    child: "subprocess.Popen[bytes]", player: Player, collector: str
) -> tuple[struct_rusage, int]:
    """What the process took, and its memory at most, bytes."""
    waiting = asyncio.create_task(asyncio.to_thread(os.wait4, child.pid, 0))
    reading = asyncio.create_task(player.taken.wait())
    peak = 0
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            await asyncio.wait((waiting, reading), return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                peak = _peak(child.pid)
                if collector == SPIDER:  # it never ends by itself
                    child.send_signal(signal.SIGINT)
                player.may_end.set()
            _, status, usage = await waiting
    except TimeoutError as error:
        child.kill()
        raise BenchmarkError(f"{collector} did not end") from error
    finally:
        reading.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage, peak


def _peak(pid: int) -> int:
    """Linux's own count of a process; what wait4() tells begins with the memory of the parent."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    kilobytes = re.search(r"^VmHWM:\s*(\d+)", status, flags=re.MULTILINE)
    return int(kilobytes[1]) * 1024 if kilobytes else 0


def _command(collector: str, stream: str, port: int, place: Path) -> list[str]:
    if collector == SPIDER:
        named = ["-a", "symbols=BTCUSDT", "-a", f"streams={stream}"]
        return [sys.executable, "-m", "scrapy", "crawl", "binance_futures_stream", *named]
    module = "plain" if collector == PLAIN else "with_cryptofeed"
    route = "public" if stream == BOOKS else "market"
    url = f"ws://127.0.0.1:{port}/{route}/stream?streams=btcusdt@{stream}"
    return [sys.executable, "-m", f"benchmarks.futures_stream.{module}", url, str(place)]


def _settings(port: int, contenders: Path, place: Path) -> dict[str, str]:
    here = f"127.0.0.1:{port}"
    return {
        "FUTURES_WS_URL": f"ws://{here}",
        "FUTURES_REST_URL": f"http://{here}",
        "P2P_DATA_DIR": str(place),
        "PYTHONPATH": os.pathsep.join((str(PROJECT), str(contenders))),
    }


def _rows(place: Path) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415 - what the parent has loaded counts as its child's

    return sum(
        pq.ParquetFile(path).metadata.num_rows
        for path in place.rglob("*.parquet")
        if "gaps" not in path.parts
    )
