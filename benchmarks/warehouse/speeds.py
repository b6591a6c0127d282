"""What loading took: the figures, without the libraries that measure them (see Usage.peak)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.bars import AT_LEAST, Bar

PLAIN_COPY = "plain COPY"
STAGE_COPY = "COPY into the stage"
STAGING = "staging in Arrow"
FIRST = "the very first batch"
UNCHANGED = "an unchanged batch"
CHANGED = "5 % changed"
ALL_NEW = "every ad new"
WHOLE_LOADS = (FIRST, UNCHANGED, CHANGED, ALL_NEW)


@dataclass(frozen=True, slots=True)
class Speeds:
    """Seconds of every run, by what was done with a batch of so many ads.

    Plain COPY, of the staged rows into a permanent table with their columns, is the limit. The
    whole loads count from the closed files to what is committed; their ``cpu_seconds`` are those
    of the loader and its server's process, which other work on the machine changes little (None
    where the system does not tell).
    """

    ads: int
    seconds: Mapping[str, list[float]]
    cpu_seconds: Mapping[str, list[float | None]]

    def middle(self, of: str) -> float:
        """Seconds in the middle of the runs."""
        return median(self.seconds[of])

    def speed(self, of: str) -> float:
        """Ads a second in the middle of the runs."""
        return self.ads / self.middle(of)

    def cpu_speed(self, of: str) -> float | None:
        """Ads a second of CPU in the middle of the runs."""
        told = [seconds for seconds in self.cpu_seconds.get(of, ()) if seconds]
        return self.ads / median(told) if told else None

    def ratio(self, of: str) -> float:
        """The speed by plain COPY's."""
        return self.middle(PLAIN_COPY) / self.middle(of)

    def bars(self) -> Iterator[Bar]:
        """What the warehouse must reach, and what it does reach."""
        yield Bar("rows staged", self.speed(STAGE_COPY), AT_LEAST, 100_000, "rows/s")
        yield Bar("loading, unchanged", self.speed(UNCHANGED), AT_LEAST, 50_000, "ads/s")
        yield Bar("loading, every ad new", self.speed(ALL_NEW), AT_LEAST, 25_000, "ads/s")
