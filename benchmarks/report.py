"""The results as a person reads them."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from benchmarks.bars import Bar
from benchmarks.contenders import BARE, CENSUS, LIMIT, PLAIN
from benchmarks.results import MEGABYTE, Leg, Results
from benchmarks.warehouse.speeds import PLAIN_COPY, STAGE_COPY, STAGING, WHOLE_LOADS, Speeds


def print_report(results: Results, console: Console) -> None:
    """Print ratios and bars first, then all figures."""
    console.print(f"\nOn {results.machine}\n")
    for table in (_ratios(results), bars_table(results.bars())):
        console.print(table)
    for bar in results.bars():
        if bar.note and not bar.is_met:
            console.print(f"{bar.name}: {bar.note}\n")
    for leg in (results.near, results.far):
        console.print(_figures(leg))
    console.print(_time_shares(results))
    console.print(_loads(results.warehouse))


def _ratios(results: Results) -> Table:
    table = figures_table(
        "Speed of the census by that of", "whole process", "no start-up", "by CPU"
    )
    for leg in (results.near, results.far):
        for other in (BARE, PLAIN):
            ratios = (leg.ratio(other), leg.started_ratio(other), leg.cpu_ratio(other))
            table.add_row(f"{other.name}, {_latency(leg)}", *(f"{each:.2f}" for each in ratios))
    return table


def bars_table(bars: Iterable[Bar]) -> Table:
    """What was to be reached, and whether it was."""
    table = figures_table("Bar", "measured", "due", "")
    for bar in bars:
        met = "[green]met[/]" if bar.is_met else "[red]missed[/]"
        due = f"{bar.rule} {bar.limit:g} {bar.unit}"
        table.add_row(bar.name, f"{bar.value:.2f} {bar.unit}", due, met)
    return table


def _figures(leg: Leg) -> Table:
    columns = ("runs", "seconds", "start-up", "pages/s", "ads/s", "CPU s", "peak MB")
    table = figures_table(_latency(leg).capitalize(), *columns)
    for contender in (CENSUS, BARE, PLAIN, LIMIT):
        run = leg.middle(contender)
        table.add_row(
            contender.name,
            str(len(leg.runs[contender])),
            f"{run.seconds:.2f}",
            f"{run.start_up:.2f}",
            f"{run.pages_per_second:,.0f}",
            f"{run.ads_per_second:,.0f}",
            f"{run.cpu_seconds:.2f}",
            f"{run.peak / MEGABYTE:.0f}",
        )
    shown = leg.middle(CENSUS)
    table.caption = f"{shown.ads:,.0f} ads on {shown.pages:,.0f} pages; the middle of the runs"
    return table


def _time_shares(results: Results) -> Table:
    table = figures_table("Where the census's time goes", "seconds", "share")
    parts = results.inside.time_shares
    for part, seconds in parts.items():
        table.add_row(part, f"{seconds:.2f}", f"{seconds / sum(parts.values()):.0%}")
    table.caption = (
        f"one run of {results.inside.seconds:.1f} s under cProfile, which makes all Python slower"
    )
    return table


def _loads(speeds: Speeds) -> Table:
    table = figures_table("The warehouse", "runs", "seconds", "ads/s", "by plain COPY", "ads/CPU s")
    for name in (PLAIN_COPY, STAGE_COPY, STAGING, *WHOLE_LOADS):
        table.add_row(
            name,
            str(len(speeds.seconds[name])),
            f"{speeds.middle(name):.2f}",
            f"{speeds.speed(name):,.0f}",
            f"{speeds.ratio(name):.2f}",
            f"{by_cpu:,.0f}" if (by_cpu := speeds.cpu_speed(name)) else "",
        )
    table.caption = (
        f"batches of {speeds.ads:,} ads into the embedded server; the middle of the runs"
    )
    return table


def figures_table(subject: str, *figures: str) -> Table:
    """An empty table: a column for names, and one each for figures."""
    table = Table(subject, caption_justify="left")
    for figure in figures:
        table.add_column(figure, justify="right")
    return table


def _latency(leg: Leg) -> str:
    return f"answers after {leg.latency * 1000:.0f} ms" if leg.latency else "answers at once"
