"""What a run of the history came to: a line for the log, a table for a person."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from p2p_scrapy.futures.archive.course import ALL_THERE, FAILED, NOT_ALL, Course, Tally
from p2p_scrapy.watch import figures

NOTES_SHOWN = 10
_STATUS = {
    ALL_THERE: ("all there", "green"),
    NOT_ALL: ("not all there", "yellow"),
    FAILED: ("failed", "red"),
}


def summary_line(course: Course) -> str:
    """Status, files, rows, and what is missing or wrong."""
    tallies = course.tallies.values()
    parts = [
        f"history: {_STATUS[course.exit_code][0]}",
        f"{sum(each.fetched for each in tallies)} files stored",
        f"{figures.count(sum(each.rows for each in tallies))} rows",
        f"{sum(each.kept for each in tallies)} files were here",
        f"{sum(len(each.faulty) for each in tallies)} files with faults",
        f"{sum(len(each.lost) for each in tallies)} files not stored",
        f"{sum(len(each.gaps) for each in tallies)} gaps",
    ]
    if course.was_stopped:
        parts.append("ended early by a signal")
    if course.failure:
        parts.append(course.failure)
    return " | ".join(parts)


def report(course: Course, seconds: float) -> RenderableType:
    """Every series, then what a person should look at."""
    table = Table(title=_title(course, seconds), title_justify="left")
    table.add_column("series")
    for heading in ("stored", "rows", "MB", "were here", "put in order", "faults", "lost", "gaps"):
        table.add_column(heading, justify="right")
    for series, tally in course.tallies.items():
        table.add_row(str(series), *_cells(tally))
    return Group(table, *_notes(course))


def _title(course: Course, seconds: float) -> Text:
    status, colour = _STATUS[course.exit_code]
    took = f", took {figures.duration(seconds)}"
    return Text("The history: ") + Text(status, style=f"bold {colour}") + Text(took)


def _cells(tally: Tally) -> Iterator[str]:
    yield f"{tally.fetched} of {tally.files}"
    yield figures.count(tally.rows)
    yield figures.count(round(tally.bytes / 1e6))
    for each in (tally.kept, tally.sorted, len(tally.faulty), len(tally.lost), len(tally.gaps)):
        yield figures.count(each)


def _notes(course: Course) -> Iterator[Text]:
    notes = [note for tally in course.tallies.values() for note in _of(tally)]
    notes += [f"{series}: the archive has nothing of it" for series in course.unlisted]
    for note in notes[:NOTES_SHOWN]:
        yield Text(note, style="yellow")
    if len(notes) > NOTES_SHOWN:
        yield Text(f"and {len(notes) - NOTES_SHOWN} more, in the log", style="yellow")
    if course.failure:
        yield Text(course.failure, style="red")


def _of(tally: Tally) -> Iterator[str]:
    for name, faults in tally.faulty.items():
        yield from (f"{name}: {fault}" for fault in faults)
    for name, reason in tally.lost.items():
        yield f"{name}: {reason}"
    for gap in tally.gaps:
        until = f"{gap.ended_at:%Y-%m-%d %H:%M}"
        times = f"{gap.started_at:%Y-%m-%d %H:%M} to {until} UTC"
        yield f"{gap.symbol} {gap.stream}, {times}: {gap.reason}"
