"""Batch after batch of an exchange whose ads move all the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import measured, python
from benchmarks.proof.judgement import Judgement, judge
from benchmarks.proof.reading import read_batch
from p2p_scrapy.exchange import ExchangeOptions, RunningExchange, running_exchange

_TIMEOUT = 900.0
_PARTIAL = 3
"""The exit code of a batch of which a sweep proved nothing."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is measured.

    Attributes:
        sweeps: how many at least; whole batches are taken.
        churn: share of the ads that change in ten minutes.
        pace: how many times as fast as in life ads change and answers come; below 1 on a machine
            that could not read at the speed of life.
        budget: requests a minute; so many that reading is all that takes time,
            yet not so many that dozens of sweeps are on the wire at a time, as they never are.
        latency: least and most seconds of an answer, in life.
    """

    sweeps: int
    churn: float
    pace: float
    markets: int
    ads: int
    seed: int
    budget: int
    latency: tuple[float, float] = (0.24, 0.34)

    def options(self) -> ExchangeOptions:
        """The exchange to read."""
        least, most = (seconds / self.pace for seconds in self.latency)
        return ExchangeOptions(
            seed=self.seed,
            markets=self.markets,
            ads=self.ads,
            churn=self.churn * self.pace,
            latency=least,
            latency_spread=most - least,
        )


@dataclass(frozen=True, slots=True)
class Round:
    """A batch: its sweeps, judged, and the searches that they took."""

    judgements: list[Judgement]
    searches: int


def rounds(course: Course, place: Path) -> Iterator[Round]:
    """Take batches until there are enough sweeps, and judge each as it ends.

    Raises:
        BenchmarkError: a crawl failed.
    """
    taken = 0
    with running_exchange(course.options()) as exchange:
        while taken < course.sweeps:
            done = _round(exchange, place, course.budget)
            taken += len(done.judgements)
            yield done


def _round(exchange: RunningExchange, place: Path, budget: int) -> Round:
    before = exchange.requests()["search"]
    settings = {
        "P2P_BASE_URL": exchange.url,
        "P2P_DATA_DIR": str(place / "data"),
        "P2P_REQUESTS_PER_MINUTE": str(budget),
        "DATABASE_URL": "none",
    }
    command = python("-m", "scrapy", "crawl", "binance_p2p")
    measured(command, settings, place / "log", _TIMEOUT, allowed=(0, _PARTIAL))
    batch = read_batch(place / "data", exchange.requests()["search"] - before)
    judgements = [
        judge(
            each,
            exchange.between(each.market, each.started_at.timestamp(), each.swept_at.timestamp()),
        )
        for each in batch.readings
    ]
    return Round(judgements, batch.searches)
