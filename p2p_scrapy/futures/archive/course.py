"""How a run of the history goes, and what it came to: what a person is shown, and its exit code."""

from dataclasses import dataclass, field
from datetime import date

from items.futures import Gap
from p2p_scrapy.futures.archive.faults import Fault
from p2p_scrapy.futures.archive.plan import EVER, Plan, Span
from p2p_scrapy.futures.archive.series import ArchiveFile, Series
from p2p_scrapy.futures.archive.stored import Stored

ALL_THERE, FAILED, NOT_ALL = 0, 1, 3
"""Exit codes, as the census has them; 2 is a wrong argument or setting, 4 a run that goes on."""


@dataclass
class Tally:
    """One series of the run.

    Attributes:
        files: planned to be fetched; done: of these, those that are finished with.
        fetched, rows: files stored by this run, and their rows; bytes: of their zips.
        kept: files that the lake had already.
        sorted: files stored whose rows were out of order in the archive.
        faulty: files of the lake whose content has faults.
        lost: files that could not be had or not be read, with the reason.
        absent: days that the archive has not, with the reason.
        gaps: what is missing in the span, unhealed.
        life: the days of which there can be something at all.
    """

    files: int = 0
    done: int = 0
    fetched: int = 0
    rows: int = 0
    bytes: int = 0
    kept: int = 0
    sorted: int = 0
    faulty: dict[str, list[Fault]] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    absent: dict[date, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    life: Span = EVER

    @property
    def is_whole(self) -> bool:
        """Whether everything is there, and nothing is wrong with it."""
        return not (self.faulty or self.lost or self.absent or self.gaps)


@dataclass
class Course:
    """The whole run.

    Attributes:
        tallies: of each series, in the order asked for.
        unlisted: series that the archive has nothing of.
        bytes_planned, bytes_arrived: of zips, by the listing and by what came.
        has_ended: whether it came to its end, be it by a failure or a signal.
        failure: why it could not go on; None where it could.
        was_stopped: whether a signal ended it.
    """

    tallies: dict[Series, Tally] = field(default_factory=dict)
    unlisted: list[Series] = field(default_factory=list)
    bytes_planned: int = 0
    bytes_arrived: int = 0
    has_ended: bool = False
    failure: str | None = None
    was_stopped: bool = False

    def arrived(self, count: int) -> None:
        """Count bytes of zips."""
        self.bytes_arrived += count

    def planned(self, plan: Plan, reason: str) -> None:
        """Enter what is to be fetched of a series, what is here, and what there is not."""
        tally = self.tallies[plan.series]
        tally.files = len(plan.fetch)
        tally.life = plan.life
        tally.absent = dict.fromkeys(plan.absent, reason)
        self.bytes_planned += sum(plan.listed[file.period].size or 0 for file in plan.fetch)
        for stored in plan.kept:
            self.kept(stored)

    def kept(self, stored: Stored) -> None:
        """Enter a file that stays as it is."""
        tally = self.tallies[stored.file.series]
        tally.kept += 1
        self._note_faults(stored)

    def stored(self, stored: Stored) -> None:
        """Enter a file that this run has stored."""
        tally = self.tallies[stored.file.series]
        tally.fetched += 1
        tally.rows += stored.found.rows
        tally.bytes += stored.source.size
        tally.sorted += stored.found.was_sorted
        self._note_faults(stored)

    def lost(self, file: ArchiveFile, reason: str) -> None:
        """Enter a file that could not be had, or not be read."""
        tally = self.tallies[file.series]
        tally.lost[file.stem] = reason
        days = (day for day in file.period.days if day in tally.life)
        tally.absent |= dict.fromkeys(days, reason)

    def _note_faults(self, stored: Stored) -> None:
        if stored.found.faults:
            tally = self.tallies[stored.file.series]
            tally.faulty[stored.file.stem] = stored.found.faults

    @property
    def files(self) -> int:
        """Planned to be fetched."""
        return sum(tally.files for tally in self.tallies.values())

    @property
    def done(self) -> int:
        """Of these, finished with."""
        return sum(tally.done for tally in self.tallies.values())

    @property
    def exit_code(self) -> int:
        """0 where all is there and right, 3 where it is not, 1 where the run could not go on."""
        if self.failure is not None or not self.has_ended:
            return FAILED
        is_whole = all(tally.is_whole for tally in self.tallies.values())
        return ALL_THERE if is_whole and not (self.unlisted or self.was_stopped) else NOT_ALL
