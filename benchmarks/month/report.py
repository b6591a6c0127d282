"""The figures of a month as a person reads them."""

import math

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.month.figures import Figures, p95
from benchmarks.report import bars_table, figures_table

_WIDTH = 20


def print_figures(figures: Figures, console: Console) -> None:
    """Print bars first, then all figures."""
    console.print(f"\nOn {figures.machine}\n{figures.server}\n")
    console.print(
        f"{figures.batches:,} batches, {figures.observations:,} ad-observations, "
        f"{figures.merchants:.0%} of the live ads are merchants'; VACUUM ANALYZE was run once "
        f"before the questions, in {figures.vacuum_seconds:.0f} s\n"
    )
    for table in (bars_table(figures.bars()), _sizes(figures), _days(figures), _answers(figures)):
        console.print(table)


def _sizes(figures: Figures) -> Table:
    table = figures_table("Size with indexes", "MB", "bytes an observation")
    for name, size in sorted(figures.size.items(), key=lambda each: -each[1]):
        each = size / figures.observations
        if each >= 0.01:  # noqa: PLR2004 - what rounds to nothing
            table.add_row(name, f"{size / 1e6:,.1f}", f"{each:.2f}")
    whole = sum(figures.size.values())
    table.add_row("whole", f"{whole / 1e6:,.1f}", f"{figures.bytes_per_observation:.2f}")
    plain = figures.plain
    table.add_row("a plain snapshot table", "", f"{plain.offers:.0f}")
    table.add_row("and its ads' methods", "", f"{plain.methods:.0f}")
    return table


def _days(figures: Figures) -> Table:
    table = figures_table(
        "Loads of a day", "loads", "p5 s", "p50 s", "p95 s", "Arrow s", "database s", "CPU s", ""
    )
    longest = max(day.p50 for day in figures.days)
    for day in figures.days:
        seconds = (day.p5, day.p50, day.p95, day.staging, day.database, day.cpu or math.nan)
        bar = "▇" * max(round(_WIDTH * day.p50 / longest), 1)
        table.add_row(
            day.day, str(day.loads), *(f"{each:.2f}" for each in seconds), f"{bar:<{_WIDTH}}"
        )
    return table


def _answers(figures: Figures) -> Table:
    table = figures_table(
        "Question", "runs", "p50 ms", "p95 ms", "worst ms", "p95 not sent", "rows at most"
    )
    for answer in figures.answers:
        p50 = float(np.percentile(answer.seconds, 50))
        seconds = (p50, p95(answer.seconds), max(answer.seconds), p95(answer.executed))
        shown = (f"{each * 1000:,.0f}" for each in seconds)
        runs = str(len(answer.seconds))
        table.add_row(answer.question.title, runs, *shown, f"{answer.rows:,}")
    return table
