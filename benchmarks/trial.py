"""One contender's run, and the middle of several."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Self

from benchmarks.contenders import Contender
from benchmarks.errand import Errand
from benchmarks.exchange import Exchange
from benchmarks.process import BenchmarkError, measured

_LONGEST_PAGE = 0.1
"""Seconds a page, latency apart, after which a run is ended: ten times a slow machine's."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took, or the middle of several.

    Attributes:
        seconds: of the whole process, interpreter start-up included.
        start_up: seconds until the exchange saw the first request.
        cpu_seconds: user and system time of the process.
        peak: resident memory at its most, in bytes.
        pages: that the exchange was asked for.
        ads: different ones that were counted.
    """

    seconds: float
    start_up: float
    cpu_seconds: float
    peak: float
    pages: float
    ads: float

    @classmethod
    def median(cls, runs: Iterable["Run"]) -> Self:
        """The middle of several, each figure by itself."""
        found = list(runs)
        return cls(*(median(getattr(run, each.name) for run in found) for each in fields(cls)))

    @property
    def pages_per_second(self) -> float:
        """Over the whole process."""
        return self.pages / self.seconds

    @property
    def started_pages_per_second(self) -> float:
        """Apart from start-up."""
        return self.pages / (self.seconds - self.start_up)

    @property
    def ads_per_second(self) -> float:
        """Over the whole process."""
        return self.ads / self.seconds


@dataclass(frozen=True, slots=True)
class Course:
    """What contenders run on: an exchange, the pages of its books, and a place for folders."""

    exchange: Exchange
    book: dict[str, Any]
    bodies: list[bytes]
    place: Path

    @contextmanager
    def errand(self) -> Iterator[Errand]:
        """An errand in a folder of its own, which goes with it."""
        with TemporaryDirectory(dir=self.place) as folder:
            errand = Errand(self.exchange.url, Path(folder))
            errand.give(self.bodies)
            yield errand

    def run(self, contender: Contender, errand: Errand, latency: float) -> Run:
        """Let a contender read everything once; every answer takes ``latency`` seconds longer.

        Raises:
            BenchmarkError: it failed, or counted other ads than there are.
        """
        self.exchange.answer_after(latency)
        before = self.exchange.asked()
        usage = measured(
            contender.command(errand),
            contender.surroundings(errand),
            errand.folder / "log.txt",
            self._longest(latency),
        )
        after = self.exchange.asked()
        ads = contender.ads(errand)
        if ads != self.book["unique_ads"]:
            raise BenchmarkError(f"{contender.name}: {ads} ads of {self.book['unique_ads']}")
        return Run(
            usage.seconds,
            after.times[len(before.times)] - usage.began_at,
            usage.cpu_seconds,
            usage.peak,
            after.pages - before.pages,
            ads,
        )

    def _longest(self, latency: float) -> float:
        return 60.0 + len(self.bodies) * (2 * latency + _LONGEST_PAGE)
