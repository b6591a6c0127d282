"""The figures of a daemon's hours as a person reads them."""

from collections.abc import Iterable, Sequence

from rich.console import Console

from benchmarks.collecting.batches import Outcome
from benchmarks.collecting.watching import Look
from benchmarks.report import figures_table

_HOUR = 3600.0
_MB = 1e6


def print_outcomes(found: Sequence[Outcome], limit: int, console: Console) -> None:
    """A row a batch; ``limit`` is what the lanes may ask in a minute together."""
    table = figures_table(
        "Batch", "status", "planned", "deferred", "partial", "asked", "/ smallest", "rereads",
        "429", "minutes", "/ budget", "complete", "covered", "oldest min",
    )  # fmt: skip
    for each in found:
        table.add_row(*_row(each, limit))
    console.print(table)
    total = sum(each.searches for each in found)
    refused = sum(each.refused for each in found)
    console.print(
        f"{total:,} searches, {refused:,} of them refused ({refused / max(total, 1):.2%});"
        f" {sum(each.discoveries for each in found):,} questions of discovery\n"
    )


def _row(each: Outcome, limit: int) -> tuple[str, ...]:
    record = each.record
    return (
        f"{record.started_at:%d %H:%M}",
        record.status,
        str(record.planned),
        str(sum(deferral.count for deferral in record.deferred)),
        str(record.partial + record.failed + len(record.unread)),
        str(each.searches),
        f"{each.searches / max(each.smallest, 1):.3f}",
        str(each.rereads),
        str(each.refused),
        f"{each.minutes:.2f}",
        f"{each.minutes / max((each.searches + each.discoveries) / limit, 1e-9):.3f}",
        "" if record.completeness is None else f"{record.completeness:.2%}",
        "" if record.coverage is None else f"{record.coverage:.2%}",
        "" if each.oldest is None else f"{each.oldest / 60:.1f}",
    )


def print_looks(looks: Iterable[Look], console: Console) -> None:
    """A row an hour of the exchange's: what the daemon and its batches held at most."""
    hours: dict[int, list[Look]] = {}
    for look in looks:
        hours.setdefault(int(look.at // _HOUR), []).append(look)
    table = figures_table("Hour", "daemon MB", "files", "sockets", "batch MB")
    for hour, seen in sorted(hours.items()):
        table.add_row(
            str(hour + 1),
            f"{max(look.memory for look in seen) / _MB:.1f}",
            str(max(look.files for look in seen)),
            str(max(look.sockets for look in seen)),
            f"{max(look.batch for look in seen) / _MB:.1f}",
        )
    console.print(table)
