"""The table that a person sees when a batch has ended."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from items import BatchRecord, Market, Pair, Side, Status
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.prices import best_price, spread
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.watch import figures
from p2p_scrapy.watch.summary import share

PAIRS_SHOWN = 10
SHORTFALLS_SHOWN = 5

_COLOURS = {Status.COMPLETED: "green", Status.PARTIAL: "yellow", Status.FAILED: "red"}


def report(
    record: BatchRecord, sweeps: Mapping[Market, OpenSweep], paths: BatchPaths
) -> RenderableType:
    """What was read, the largest pairs, what fell short, and where the files are."""
    pairs = [_pair_table(sweeps)] if sweeps else []
    return Group(_batch_table(record), *pairs, *_notes(record, paths))


def _batch_table(record: BatchRecord) -> Table:
    table = Table(title="The batch", show_header=False, title_justify="left")
    seconds = (record.ended_at - record.started_at).total_seconds()
    status = Text(record.status, style=f"bold {_COLOURS[record.status]}")
    table.add_row("status", status if not record.sample else Text("sample, ") + status)
    table.add_row("started", f"{record.started_at:%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("took", figures.duration(seconds))
    table.add_row("markets", _markets(record))
    asks, bids = figures.count(record.ads["sell"]), figures.count(record.ads["buy"])
    table.add_row("ads", f"{asks} asks, {bids} bids")
    refused = sum(record.refused.values())
    reasons = ", ".join(f"{count} {reason}" for reason, count in record.refused.items())
    table.add_row("refused", f"{refused}: {reasons}" if refused else "0")
    table.add_row("requests", figures.count(record.requests.get("sent", 0)))
    table.add_row("completeness", share(record.completeness))
    return table


def _markets(record: BatchRecord) -> str:
    short = {"partial": record.partial, "failed": record.failed, "unread": len(record.unread)}
    short["deferred"] = sum(each.count for each in record.deferred)
    others = "".join(f", {count} {name}" for name, count in short.items() if count)
    return f"{figures.count(record.complete)} of {figures.count(record.planned)} complete{others}"


def _pair_table(sweeps: Mapping[Market, OpenSweep]) -> Table:
    table = Table(title="The largest pairs", title_justify="left")
    table.add_column("pair")
    for heading in ("bids", "best bid", "best ask", "asks", "spread"):
        table.add_column(heading, justify="right")
    for pair, books in _largest(sweeps):
        bid, ask = books.get(Side.BUY), books.get(Side.SELL)
        table.add_row(
            str(pair),
            "-" if bid is None else figures.count(bid.kept),
            figures.price(best_price(Side.BUY, bid)),
            figures.price(best_price(Side.SELL, ask)),
            "-" if ask is None else figures.count(ask.kept),
            figures.price(spread(books)),
        )
    return table


def _largest(sweeps: Mapping[Market, OpenSweep]) -> list[tuple[Pair, dict[Side, OpenSweep]]]:
    pairs: dict[Pair, dict[Side, OpenSweep]] = {}
    for market, sweep in sweeps.items():
        pairs.setdefault(market.pair, {})[market.side] = sweep
    by_size = sorted(pairs.items(), key=lambda each: -sum(book.kept for book in each[1].values()))
    return by_size[:PAIRS_SHOWN]


def _notes(record: BatchRecord, paths: BatchPaths) -> Iterator[Text]:
    if record.stopped:
        yield Text(f"Ended early: {record.stopped}", style="yellow")
    if record.unknown_fiats:
        yield Text(f"Markets not known of {', '.join(record.unknown_fiats)}", style="yellow")
    for shortfall in record.shortfalls[:SHORTFALLS_SHOWN]:
        yield Text(f"{shortfall.market} is {shortfall.verdict}: {shortfall.error}", style="yellow")
    if len(record.shortfalls) > SHORTFALLS_SHOWN:
        rest = len(record.shortfalls) - SHORTFALLS_SHOWN
        yield Text(f"... and {rest} more, all in the manifest", style="yellow")
    for kind in record.alerts:
        yield Text(f"Alert: {kind} (see {paths.data_dir / 'alerts'})", style="red")
    for file in record.files:
        size = f"{figures.count(file.rows)} rows, {figures.count(file.bytes)} bytes"
        yield Text(f"{paths.data_dir / file.path}  {size}")
    yield Text(f"{paths.manifest}  the manifest")
