"""The checks as a table, and what was found as paragraphs to act on."""

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from p2p_scrapy.lake.inspection.check import Outcome
from p2p_scrapy.lake.inspection.finding import Finding, Row, Tallies, Tally
from p2p_scrapy.lake.inspection.tables import columns
from p2p_scrapy.lake.inspection.wording import count, printable

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.WARNING: "yellow",
    Outcome.FAILED: "bold red",
    Outcome.NOT_CHECKED: "dim",
}


def check_table(tallies: Tallies) -> Table:
    """One line a check."""
    table = columns("outcome", "check", "found", words=3)
    table.columns[-1].no_wrap = False
    for tally in tallies:
        outcome = tally.outcome
        table.add_row(Text(outcome, _STYLES[outcome]), tally.check.title, _summary(tally))
    return table


def findings(tallies: Tallies, data_dir: Path | None) -> Iterator[tuple[int, Text]]:
    """A paragraph for every check that did not pass: where, which rows, and what to do.

    Lines come with the columns by which they are to be indented.
    """
    for tally in tallies:
        if tally.count:
            yield 0, Text()
            yield 0, _title(tally)
            for finding in tally.findings:
                yield 2, Text(printable(_place(finding.path, data_dir)), "cyan")
                yield 4, Text(_told(finding))
            if tally.count > len(tally.findings):
                yield 2, Text(f"and {_further(tally)}", "dim")
            yield 2, Text.assemble(("What to do: ", "bold"), tally.check.advice)


def _summary(tally: Tally) -> str:
    if not tally.examined:
        return "nothing to check"
    if not tally.count:
        return f"{tally.examined:,} checked"
    where = f"{count(len(tally.paths), 'file')} of {tally.examined:,}"
    return f"{count(tally.rows, 'row')} in {where}" if tally.rows else where


def _title(tally: Tally) -> Text:
    style = _STYLES[tally.outcome]
    return Text.assemble(
        (f"{tally.outcome}: {tally.check.title}", style), (f"  {tally.check.name}", "dim")
    )


def _told(finding: Finding) -> str:
    what = printable(finding.what)
    if not finding.rows:
        return what
    rows = ", ".join(map(_row, finding.rows))
    more = " ..." if finding.row_count > len(finding.rows) else ""
    return f"{what}, {count(finding.row_count, 'row')}: {rows}{more}"


def _row(row: Row) -> str:
    subject = "null" if row.subject is None else printable(row.subject) or "empty"
    return subject if row.number is None else f"row {row.number} ({subject})"


def _further(tally: Tally) -> str:
    findings = count(tally.count - len(tally.findings), "further finding")
    files = len(tally.paths - {finding.path for finding in tally.findings})
    return f"{findings}, {count(files, 'further file')}"


def _place(path: Path, data_dir: Path | None) -> str:
    if data_dir and path.is_relative_to(data_dir):
        return str(path.relative_to(data_dir))
    return str(path)
