"""What a check found, and the tally of it over all files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from p2p_scrapy.lake.inspection.catalogue import CHECKS
from p2p_scrapy.lake.inspection.check import Check, Outcome

NAMED = 5
"""So many findings of a check, and so many rows of a finding, are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that offends.

    Attributes:
        number: its place in the file, counted from 0; None where it is not in the file.
        subject: its adv_no; in the ledger, its market and what it counted.
    """

    number: int | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in one file.

    Attributes:
        check: the check that it breaks.
        path: the file.
        what: what is wrong, for a person.
        row_count: how many rows offend; 0 where it is not about rows.
        rows: the first of them, at most NAMED.
    """

    check: Check
    path: Path
    what: str
    row_count: int = 0
    rows: tuple[Row, ...] = ()


@dataclass(slots=True)
class Tally:
    """One check over all files; memory does not grow with what is found, but for the paths.

    Attributes:
        check: the check.
        examined: how many things it was put to: files, or manifest entries.
        findings: the first findings, at most NAMED.
        count: all of them.
        rows: all offending rows.
        paths: all offending files.
    """

    check: Check
    examined: int = 0
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    rows: int = 0
    paths: set[Path] = field(default_factory=set)

    @property
    def outcome(self) -> Outcome:
        """How the check ended."""
        if self.count:
            return self.check.severity
        return Outcome.PASSED if self.examined else Outcome.NOT_CHECKED

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it where it is among the first."""
        self.count += 1
        self.rows += finding.row_count
        self.paths.add(finding.path)
        if len(self.findings) < NAMED:
            self.findings.append(finding)


class Tallies:
    """The tallies of all checks, in the catalogue's order."""

    def __init__(self) -> None:
        self._of = {check.name: Tally(check) for check in CHECKS}

    def __iter__(self) -> Iterator[Tally]:
        return iter(self._of.values())

    def named(self, name: str) -> Tally:
        """The tally of the check of that name."""
        return self._of[name]

    def record(self, check: Check, findings: Iterable[Finding] = (), *, examined: int = 1) -> None:
        """Note that a check was put to one more thing, or several, and what it found there."""
        tally = self.named(check.name)
        tally.examined += examined
        for finding in findings:
            tally.add(finding)
