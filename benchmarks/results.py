"""Everything that one run of the benchmarks has measured, and what follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.bars import AT_LEAST, AT_MOST, UNDER, Bar
from benchmarks.contenders import BARE, CENSUS, LIMIT, PLAIN, Contender
from benchmarks.inside import Inside
from benchmarks.skew import Skew
from benchmarks.trial import Run
from benchmarks.warehouse.speeds import Speeds

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Leg:
    """All runs at one latency (seconds), by contender."""

    latency: float
    runs: Mapping[Contender, list[Run]]

    def middle(self, contender: Contender) -> Run:
        """The middle of a contender's runs."""
        return Run.median(self.runs[contender])

    def speed(self, contender: Contender) -> float:
        """Pages a second over the whole process, in the middle."""
        return self.middle(contender).pages_per_second

    def ratio(self, other: Contender) -> float:
        """The census's speed by another contender's, whole processes."""
        return self.speed(CENSUS) / self.speed(other)

    def started_ratio(self, other: Contender) -> float:
        """The same apart from start-up."""
        ours, theirs = self.middle(CENSUS), self.middle(other)
        return ours.started_pages_per_second / theirs.started_pages_per_second

    def cpu_ratio(self, other: Contender) -> float:
        """The same by pages a second of CPU, which other work on the machine changes little."""
        return self.middle(other).cpu_seconds / self.middle(CENSUS).cpu_seconds


@dataclass(frozen=True, slots=True)
class Results:
    """``near`` is the leg without latency, ``far`` the one with it."""

    machine: str
    near: Leg
    far: Leg
    inside: Inside
    skew: Skew
    warehouse: Speeds

    @property
    def peak(self) -> float:
        """The census's memory at its most in all runs, in MB of a million bytes."""
        runs = [*self.near.runs[CENSUS], *self.far.runs[CENSUS]]
        return max(run.peak for run in runs) / MEGABYTE

    def bars(self) -> Iterator[Bar]:
        """What the census must reach, and what it does reach."""
        near, far = self.near, self.far
        ms = far.latency * 1000
        yield Bar("speed by bare Scrapy's", near.ratio(BARE), AT_LEAST, 0.8, "times")
        yield Bar(f"speed by plain's, {ms:.0f} ms", far.ratio(PLAIN), AT_LEAST, 4, "times")
        yield Bar(
            "speed by plain's, 0 ms", near.ratio(PLAIN), AT_LEAST, 4, "times", self._out_of_reach
        )
        yield Bar("peak memory", self.peak, UNDER, 300, "MB")
        yield Bar("skew of 20 pages, 300 ms", self.skew.seconds, UNDER, 2, "s")
        yield Bar("snapshots, a row", self.inside.bytes_per_row, AT_MOST, 100, "bytes")
        yield from self.warehouse.bars()

    @property
    def _out_of_reach(self) -> str:
        """Why four times plain cannot be had where answers take no time."""
        near = self.near
        return (
            "Without latency nothing is gained by asking for several pages at a time, and no "
            f"Scrapy can reach this bar: it means {4 * near.speed(PLAIN):,.0f} pages/s, where bare "
            f"Scrapy, which does nothing with them, does {near.speed(BARE):,.0f} on this machine "
            f"(the exchange itself could do {near.speed(LIMIT):,.0f}). The real exchange takes "
            "240 to 340 ms for an answer, and there a plain collector waits for every page."
        )

    def document(self) -> dict[str, Any]:
        """Everything as JSON takes it; figures of runs are in seconds, bytes and counts."""
        legs = {"near": self.near, "far": self.far}
        return {
            "machine": self.machine,
            "bars": [asdict(bar) | {"met": bar.is_met} for bar in self.bars()],
            "legs": {name: _document_of(leg) for name, leg in legs.items()},
            "inside": asdict(self.inside),
            "skew": asdict(self.skew),
            "warehouse": asdict(self.warehouse),
        }


def _document_of(leg: Leg) -> dict[str, Any]:
    runs = {each.name: [asdict(run) for run in runs] for each, runs in leg.runs.items()}
    others = [each for each in leg.runs if each is not CENSUS]
    ratios = {f"{CENSUS.name} by {each.name}": leg.ratio(each) for each in others}
    return {"latency": leg.latency, "ratios": ratios, "runs": runs}
