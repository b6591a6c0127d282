"""What an inspection ends in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from p2p_scrapy.lake.inspection.census import Census
from p2p_scrapy.lake.inspection.check import Outcome
from p2p_scrapy.lake.inspection.finding import Tallies
from p2p_scrapy.lake.inspection.lake_file import Home, Kind


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found, ready to print.

    Attributes:
        tallies: the checks.
        censuses: the figures of each lake, by the folder that holds it (None: loose files).
        files: how many files of each kind were read.
        statuses: batches by the status in their manifest.
    """

    tallies: Tallies
    censuses: Mapping[Home, Census]
    files: Counter[Kind]
    statuses: Counter[str]

    @property
    def data_dir(self) -> Path | None:
        """The one data folder that everything lies in; None for several, or loose files."""
        homes = {home.parent if home else None for home in self.censuses}
        return homes.pop() if len(homes) == 1 else None

    @property
    def outcome(self) -> Outcome:
        """FAILED where a check fails, else WARNING where one warns, else PASSED."""
        outcomes = {tally.outcome for tally in self.tallies}
        return next(
            (outcome for outcome in (Outcome.FAILED, Outcome.WARNING) if outcome in outcomes),
            Outcome.PASSED,
        )

    def count(self, outcome: Outcome) -> int:
        """How many checks ended so."""
        return sum(tally.outcome is outcome for tally in self.tallies)
