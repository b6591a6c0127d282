"""The bundled exchange as a process of its own, which is what every contender reads."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from benchmarks.process import PROJECT, BenchmarkError, python, surroundings

_SECONDS_TO_START = 120.0
_SECONDS_TO_ANSWER = 60.0
_SECONDS_TO_END = 10.0
_ANNOUNCEMENT = re.compile(r"exchange on (http://[\d.]+:\d+)")
_open = build_opener(ProxyHandler({})).open


@dataclass(frozen=True, slots=True)
class Asked:
    """What the exchange was asked since its start; times are seconds since 1970."""

    pages: int
    times: list[float]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A running exchange; ``url`` is its base URL on 127.0.0.1."""

    url: str

    def book(self) -> dict[str, Any]:
        """What its books hold: the truth that every contender's ads are counted against."""
        return self._ask(Request(f"{self.url}/exchange/book"))

    def asked(self) -> Asked:
        """What it was asked so far."""
        report = self._ask(Request(f"{self.url}/exchange/requests?times=1"))
        return Asked(report["search"], report["times"])

    def totals(self) -> tuple[int, int, int]:
        """Searches, questions of discovery, and answers 429 since its start."""
        report = self._ask(Request(f"{self.url}/exchange/requests"))
        return report["search"], report["discovery"], report["by_status"].get("429", 0)

    def answer_after(self, latency: float) -> None:
        """Let every answer take so many seconds longer."""
        body = json.dumps({"latency": latency}).encode()
        self._ask(Request(f"{self.url}/exchange/options", body))

    def _ask(self, request: Request) -> dict[str, Any]:
        with _open(request, timeout=_SECONDS_TO_ANSWER) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


@contextmanager
def running_exchange(*options: str) -> Iterator[Exchange]:
    """Run ``scrapy simulate`` with these options on a free port of 127.0.0.1.

    Raises:
        BenchmarkError: it does not start.
    """
    process = subprocess.Popen(
        python("-m", "scrapy", "simulate", "--port", "0", *options),
        cwd=PROJECT,
        env=surroundings({}),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Exchange(_announced(process))
        finally:
            _end(process)


def _announced(process: "subprocess.Popen[str]") -> str:
    timer = Timer(_SECONDS_TO_START, process.kill)
    timer.start()
    line = process.stdout.readline() if process.stdout else ""
    timer.cancel()
    announced = _ANNOUNCEMENT.match(line)
    if announced is None:
        raise BenchmarkError(f"the exchange does not start: {line or 'it says nothing'}")
    return announced[1]


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
