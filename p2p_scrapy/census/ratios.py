"""The two ratios of a batch: completeness of what was planned, and coverage."""

from datetime import datetime, timedelta

from items import Market, Sweep, Verdict
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.census.batch import Batch


def completeness_of(batch: Batch, rows: list[Sweep]) -> float | None:
    """Ads seen by ads reported; None where a market's size was never told, or nothing planned."""
    sizes = [_size(batch, row) for row in rows]
    sizes += [_last_total(batch, market) for market in batch.unread]
    if not sizes or None in sizes:
        return None
    reported = sum(size for size in sizes if size is not None)
    return min(sum(row.unique for row in rows) / reported, 1.0) if reported else 1.0


def _size(batch: Batch, row: Sweep) -> int | None:
    """A market's ads as it reported them now, else when last asked; as far as a sample asks."""
    total = _last_total(batch, row.market) if row.total_first is None else row.total_first
    cap = batch.scope.max_pages
    return total if total is None or cap is None else min(total, cap * PAGE_SIZE)


def coverage_of(batch: Batch, rows: list[Sweep], ended_at: datetime) -> float | None:
    """The share of the exchange's ads whose market is fresh; None while a market is unknown."""
    since = ended_at - timedelta(seconds=batch.config.interval_seconds)
    fresh = {row.market for row in rows if _is_proof_since(row, since)}
    fresh |= {m for m, past in batch.history.markets.items() if _is_since(past.complete_at, since)}
    told = {row.market: row.total_last for row in rows if row.total_last is not None}
    catalogue = batch.catalogue
    if any(fiat not in catalogue.listings for fiat in catalogue.fiats):
        return None
    traded = {market for fiat in catalogue.fiats for market in catalogue.markets(fiat)}
    everything = traded | {row.market for row in rows}
    sizes = {m: told.get(m, _last_total(batch, m)) for m in everything}
    known = {market: size for market, size in sizes.items() if size is not None}
    total = sum(known.values())
    if len(known) < len(sizes) or not total:
        return None
    return sum(size for market, size in known.items() if market in fresh) / total


def _is_proof_since(row: Sweep, since: datetime) -> bool:
    return row.verdict == Verdict.COMPLETE and _is_since(row.swept_at, since)


def _is_since(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment >= since


def _last_total(batch: Batch, market: Market) -> int | None:
    history = batch.history.markets.get(market)
    return None if history is None else history.total
