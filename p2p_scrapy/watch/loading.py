"""What a person sees of a backfill: how far it is, and at the end what it did."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.status import Status
from rich.table import Table

from p2p_scrapy.watch import figures

if TYPE_CHECKING:
    from p2p_scrapy.warehouse.loading import Loaded
    from p2p_scrapy.warehouse.outcome import Outcome


class LoadingReport:
    """Counts batches as they are loaded; on a terminal it shows which one was the last."""

    def __init__(self) -> None:
        self._batches = 0
        self._status = Status("looking what is to be loaded", console=Console(stderr=True))

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._status.stop()

    def add(self, loaded: "Loaded") -> None:
        """A batch is loaded."""
        self._batches += 1
        when = f"{loaded.started_at:%Y-%m-%d %H:%M}"
        self._status.update(f"{figures.count(self._batches)} batches loaded, the last of {when}")

    def print(self, outcome: "Outcome") -> None:
        """Say what was done; damage, and what is left, go to standard error."""
        not_loaded = [*outcome.damaged, *outcome.left]
        for sentence in not_loaded:
            sys.stderr.write(f"scrapy backfill: {sentence}\n")
        console = Console()
        if outcome.loaded:
            console.print(_table(outcome))
        elif not not_loaded:
            console.print("Nothing to load: the warehouse has what the lake has of these days.")


def _table(outcome: "Outcome") -> Table:
    first, *_, last = [*outcome.loaded, outcome.loaded[-1]]
    table = Table(title="Loaded into the warehouse", show_header=False, title_justify="left")
    table.add_row("batches", figures.count(len(outcome.loaded)))
    table.add_row("from", f"{first.started_at:%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("to", f"{last.started_at:%Y-%m-%d %H:%M:%S} UTC")
    for name, attribute in (
        ("ads seen", "ads"),
        ("new", "inserted"),
        ("changed", "updated"),
        ("gone", "closed"),
    ):
        total = sum(getattr(loaded, attribute) for loaded in outcome.loaded)
        table.add_row(name, figures.count(total))
    return table
