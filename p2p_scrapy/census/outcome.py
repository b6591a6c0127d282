"""What a batch came to: its status, its two ratios, and its record."""

from datetime import datetime, timedelta

import msgspec

from items import BatchRecord, Market, Shortfall, Side, Status, Sweep, Verdict
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.prices import spread

WAS_A_BOOK = 20
"""Ads from which on finding none any more is alarming (product page, section 5)."""
SLOW_SECONDS = 60.0
"""A market that takes longer, waits for the budget apart, is named (product page, section 6)."""


def record_of(batch: Batch, ended_at: datetime) -> BatchRecord:
    """The manifest of a batch whose sweeps are all closed; its files are not yet known."""
    rows = batch.ledger.rows
    verdicts = [row.verdict for row in rows]
    completeness = _completeness(batch, rows)
    return BatchRecord(
        batch_id=batch.id,
        started_at=batch.started_at,
        ended_at=ended_at,
        status=_status(batch, rows, completeness),
        interval_seconds=batch.config.interval_seconds,
        sample=batch.scope.is_sample,
        scope=msgspec.to_builtins(batch.scope),
        catalogue=batch.catalogue_source,
        planned=len(batch.planned),
        complete=verdicts.count(Verdict.COMPLETE),
        partial=verdicts.count(Verdict.PARTIAL),
        failed=verdicts.count(Verdict.FAILED),
        unread=[str(market) for market in unread_markets(batch)],
        unknown_fiats=batch.missing_fiats,
        shortfalls=[_shortfall(row) for row in rows if row.verdict != Verdict.COMPLETE],
        slow=[str(sweep.market) for sweep in batch.ledger.sweeps.values() if _is_slow(sweep)],
        ads={side.lower(): _kept(batch, side) for side in Side},
        old_ads=sum(sweep.old_ads for sweep in batch.ledger.sweeps.values()),
        negative_spreads=_negative_spreads(batch),
        completeness=completeness,
        coverage=_coverage(batch, rows, ended_at),
        refused=dict(batch.ledger.refused),
        changes=dict(batch.drift.counts),
        requests=dict(batch.requests),
        errors=dict(batch.errors),
        alerts=batch.alerts.raised,
        stopped=batch.dispatcher.stopped,
    )


def is_empty(batch: Batch, rows: list[Sweep]) -> bool:
    """Whether a batch holds nothing that anybody should believe.

    A whole exchange without an ad is no likely answer, and where a whole book's worth of ads was
    seen and every one refused, it is the reading that has failed.
    """
    seen = sum(row.rows for row in rows)
    if not seen:
        return batch.scope.is_whole_market
    kept = sum(sweep.kept for sweep in batch.ledger.sweeps.values())
    return not kept and seen >= WAS_A_BOOK


def unread_markets(batch: Batch) -> list[Market]:
    """Planned markets that were never asked."""
    return [market for market in batch.planned if market not in batch.ledger.sweeps]


def _status(batch: Batch, rows: list[Sweep], completeness: float | None) -> Status:
    if not any(row.pages for row in rows):
        return Status.FAILED
    if is_empty(batch, rows):
        return Status.FAILED
    whole = len(rows) == len(batch.planned) and not batch.missing_fiats and not batch.failure
    proved = all(row.verdict == Verdict.COMPLETE for row in rows)
    enough = completeness is not None and completeness >= batch.config.completeness_threshold
    return Status.COMPLETED if whole and proved and enough else Status.PARTIAL


def _completeness(batch: Batch, rows: list[Sweep]) -> float | None:
    """Ads seen by ads reported; a market that told no total counts with its last known one."""
    reported = sum(_reported(batch, row) for row in rows)
    reported += sum(_last_total(batch, market) for market in unread_markets(batch))
    if reported:
        return min(sum(row.unique for row in rows) / reported, 1.0)
    return 1.0 if rows and all(row.verdict == Verdict.COMPLETE for row in rows) else None


def _reported(batch: Batch, row: Sweep) -> int:
    total = _last_total(batch, row.market) if row.total_first is None else row.total_first
    cap = batch.scope.max_pages
    return total if cap is None else min(total, row.unique)


def _coverage(batch: Batch, rows: list[Sweep], ended_at: datetime) -> float | None:
    since = ended_at - timedelta(seconds=batch.config.interval_seconds)
    known = {market: history.total for market, history in batch.history.markets.items()}
    fresh = {
        market
        for market, history in batch.history.markets.items()
        if history.complete_at is not None and history.complete_at >= since
    }
    for row in rows:
        known[row.market] = row.total_last or known.get(row.market, 0)
        if row.verdict == Verdict.COMPLETE:
            fresh.add(row.market)
    total = sum(known.values())
    return sum(known[market] for market in fresh) / total if total else None


def _last_total(batch: Batch, market: Market) -> int:
    history = batch.history.markets.get(market)
    return 0 if history is None else history.total


def _kept(batch: Batch, side: Side) -> int:
    return sum(s.kept for s in batch.ledger.sweeps.values() if s.market.side is side)


def _shortfall(row: Sweep) -> Shortfall:
    return Shortfall(str(row.market), row.verdict, row.error)


def _negative_spreads(batch: Batch) -> int:
    pairs = {market.pair for market in batch.ledger.sweeps}
    spreads = (spread(batch.ledger.pair(pair)) for pair in pairs)
    return sum(1 for each in spreads if each is not None and each < 0)


def _is_slow(sweep: OpenSweep) -> bool:
    if sweep.swept_at is None:
        return False
    return (sweep.swept_at - sweep.started_at).total_seconds() - sweep.waited > SLOW_SECONDS
