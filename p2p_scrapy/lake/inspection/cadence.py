"""When the snapshots of a side were taken: moments that come twice, and gaps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median

from items import Side
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.finding import Finding, Tallies
from p2p_scrapy.lake.inspection.lake_file import Home
from p2p_scrapy.lake.inspection.snapshot import Snapshot

LONGEST = 1.2
"""A step between two snapshots may be so many intervals long."""


@dataclass(frozen=True, slots=True, order=True)
class _Moment:
    fetched_at: datetime
    path: Path


@dataclass(slots=True)
class Cadence:
    """The moments of all snapshots, and the intervals that their manifests tell.

    Attributes:
        asked: the interval that a person gave, in seconds; it goes before all others.
        manifests: each batch's own interval, by its lake and start.
    """

    asked: float | None = None
    manifests: dict[tuple[Home, datetime], float] = field(default_factory=dict)
    _moments: dict[tuple[Home, Side], list[_Moment]] = field(default_factory=dict)

    def add(self, snapshot: Snapshot) -> None:
        """Take in one snapshot; one without time or side has no place in any cadence."""
        if snapshot.fetched_at and snapshot.side:
            key = snapshot.file.home, snapshot.side
            moment = _Moment(snapshot.fetched_at, snapshot.file.path)
            self._moments.setdefault(key, []).append(moment)

    def inspect(self, tallies: Tallies) -> None:
        """Check the cadence of each side; samples are taken when somebody likes, so not theirs."""
        for (home, side), moments in self._moments.items():
            moments.sort()
            number = len(moments)
            tallies.record(catalogue.REPEATED_TIMES, _repeated(moments, side), examined=number)
            if number > 1 and (home is None or home.name != "samples"):
                tallies.record(catalogue.GAPS, self._gaps(home, side, moments), examined=number)

    def _gaps(self, home: Home, side: Side, moments: list[_Moment]) -> Iterator[Finding]:
        steps = [(step, _seconds(step)) for step in pairwise(moments)]
        usual = self._usual(home, (seconds for _, seconds in steps if seconds))
        for step, seconds in steps:
            start, end = step
            interval = self.asked or self.manifests.get((home, start.fetched_at), usual)
            if seconds > LONGEST * interval:
                yield Finding(catalogue.GAPS, end.path, _gap(side, step, seconds, interval))

    def _usual(self, home: Home, steps: Iterable[float]) -> float:
        told = [interval for (lake, _), interval in self.manifests.items() if lake == home]
        return median(told or list(steps) or [0.0])


def _seconds(step: tuple[_Moment, _Moment]) -> float:
    return (step[1].fetched_at - step[0].fetched_at).total_seconds()


def _repeated(moments: list[_Moment], side: Side) -> Iterator[Finding]:
    for at, group in groupby(moments, key=lambda moment: moment.fetched_at):
        first, *others = (moment.path for moment in group)
        for path in others:
            what = f"{side} of {at:%Y-%m-%d %H:%M:%S} is in {first.name} too"
            yield Finding(catalogue.REPEATED_TIMES, path, what)


def _gap(side: Side, step: tuple[_Moment, _Moment], seconds: float, interval: float) -> str:
    start, end = (f"{moment.fetched_at:%Y-%m-%d %H:%M:%S}" for moment in step)
    return (
        f"{side}: nothing from {start} to {end} UTC, {seconds:,.0f} s "
        f"({seconds / interval:.1f} intervals of {interval:,.0f} s)"
    )
