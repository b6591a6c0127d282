"""The figures as a person reads them."""

from rich.console import Console
from rich.table import Table

from benchmarks.proof.figures import Figures

_COLUMNS = ("pages", "sweeps", "complete", "of what stayed", "false", "missing one", "read again")


def print_figures(classes: dict[str, Figures], whole: Figures, cost: float) -> None:
    """Print a table, the sizes first, all of them last, and what it cost below."""
    console, table = Console(), Table(*_COLUMNS)
    for name, figures in {**classes, "all": whole}.items():
        table.add_row(name, *_cells(figures))
    console.print(table)
    console.print(f"requests by the smallest possible number: {cost:.4f}")


def _cells(figures: Figures) -> list[str]:
    again = sum(count for rounds, count in figures.rereads.items() if rounds)
    return [
        f"{figures.sweeps:,}",
        f"{figures.complete:,}",
        f"{figures.seen:.4%}",
        f"{figures.false:,}",
        f"{figures.missing:,}",
        f"{again:,} {figures.rereads}",
    ]
