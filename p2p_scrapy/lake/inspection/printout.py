"""The report for a person."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from p2p_scrapy.lake.inspection.census import Census
from p2p_scrapy.lake.inspection.check import Outcome
from p2p_scrapy.lake.inspection.check_tables import check_table, findings
from p2p_scrapy.lake.inspection.figure_tables import figure_tables
from p2p_scrapy.lake.inspection.lake_file import Home
from p2p_scrapy.lake.inspection.report import Report
from p2p_scrapy.lake.inspection.tables import heading, indented
from p2p_scrapy.lake.inspection.wording import count, moment, printable

_VERDICT = {
    Outcome.PASSED: ("bold green", "Everything checked is in order."),
    Outcome.WARNING: ("bold yellow", "Nothing fails; look at what is above."),
    Outcome.FAILED: ("bold red", "Not in order: see what to do above."),
}


def print_report(report: Report, console: Console) -> None:
    """Print figures first, checks and what to do last, where a terminal ends."""
    console.print(indented(_overview(report)))
    for home, census in report.censuses.items():
        if len(report.censuses) > 1:
            console.print(heading(str(home or "Files outside a lake")))
        for thing in figure_tables(census):
            console.print(thing)
    console.print(heading("Checks"), indented(check_table(report.tallies)), sep="\n")
    for indent, line in findings(report.tallies, report.data_dir):
        _print_line(console, indent, line)
    console.print(_verdict(report))


def _print_line(console: Console, indent: int, line: Text) -> None:
    """In a file or a pipe a line stays one line, so that it can be searched for."""
    if console.is_terminal:
        console.print(Padding(line, (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def _overview(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("read", ", ".join(count(n, kind) for kind, n in report.files.items()))
    if report.data_dir:
        table.add_row("in", Text(printable(str(report.data_dir))))
    for home, census in report.censuses.items():
        table.add_row("time", f"{_period(census)}{_of(home, report)}")
    if report.statuses:
        batches = (f"{number:,} {printable(name)}" for name, number in report.statuses.items())
        table.add_row("batches", Text(", ".join(batches)))
    return table


def _period(census: Census) -> str:
    if census.first is None or census.last is None:
        return "unknown"
    return f"{moment(census.first)} to {moment(census.last)} UTC"


def _of(home: Home, report: Report) -> str:
    return f" ({home.name})" if home and len(report.censuses) > 1 else ""


def _verdict(report: Report) -> Text:
    style, sentence = _VERDICT[report.outcome]
    counts = ", ".join(
        f"{report.count(outcome)} {outcome}" for outcome in Outcome if report.count(outcome)
    )
    return Text.assemble("\n", (sentence, style), f" Checks: {counts}. Rows count from 0.")
