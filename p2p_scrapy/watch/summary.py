"""A batch in one line, for the log."""

from decimal import ROUND_FLOOR, Decimal

from items import BatchRecord, LaneBudget
from p2p_scrapy.census.prices import exact
from p2p_scrapy.watch import figures

_HUNDREDTH = Decimal("0.01")


def summary_line(record: BatchRecord) -> str:
    """Status, markets, ads, requests, duration, budgets that have changed, and the two ratios."""
    seconds = (record.ended_at - record.started_at).total_seconds()
    parts = [
        f"batch of {record.started_at:%Y-%m-%d %H:%M:%S} UTC {record.status}",
        _markets(record),
        f"{figures.count(record.ads['buy'])} bids, {figures.count(record.ads['sell'])} asks",
        f"{figures.count(sum(record.refused.values()))} refused",
        f"{figures.count(record.old_ads)} ads older than 7 days",
        f"{record.negative_spreads} pairs with a negative spread",
        f"{figures.count(record.requests.get('sent', 0))} requests in {figures.duration(seconds)}",
        *(_budget(name, budget) for name, budget in record.budget.items() if _has_moved(budget)),
        f"completeness {share(record.completeness)}, coverage {share(record.coverage)}",
    ]
    if record.stopped:
        parts.append(f"ended early: {record.stopped}")
    return " | ".join(parts)


def _has_moved(budget: LaneBudget) -> bool:
    return len({budget.start, budget.lowest, budget.end}) > 1 or budget.pauses > 0


def _budget(name: str, budget: LaneBudget) -> str:
    dipped = budget.lowest < min(budget.start, budget.end)
    lowest = f", {budget.lowest} at the lowest" if dipped else ""
    pauses = f", pauses: {budget.pauses}" if budget.pauses else ""
    return f"lane {name} from {budget.start} a minute to {budget.end}{lowest}{pauses}"


def _markets(record: BatchRecord) -> str:
    short = f"{record.partial} partial, {record.failed} failed, {len(record.unread)} unread"
    deferred = sum(each.count for each in record.deferred)
    others = f", {deferred} deferred" if deferred else ""
    return f"{record.complete} of {record.planned} markets complete, {short}{others}"


def share(value: float | None) -> str:
    """A share in percent, never rounded up to 100; a dash where it is not known."""
    if value is None:
        return "-"
    percent = exact(value) * 100
    return "100 %" if percent == 100 else f"{percent.quantize(_HUNDREDTH, ROUND_FLOOR)} %"  # noqa: PLR2004
