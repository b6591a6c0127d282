"""What a batch came to: its status, its two ratios, and its record."""

from datetime import datetime

import msgspec

from items import (
    BatchRecord,
    Deferral,
    LaneBudget,
    Shortfall,
    Side,
    Status,
    Sweep,
    Verdict,
    WindowRecord,
)
from p2p_scrapy.budget.lane import Lane
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.planner import Pace
from p2p_scrapy.census.prices import spread
from p2p_scrapy.census.ratios import completeness_of, coverage_of

WAS_A_BOOK = 20
"""Ads from which on finding none any more is alarming (product page, section 5)."""
SLOW_SECONDS = 60.0
"""A market that takes longer, waits for the budget apart, is named (product page, section 6)."""


def record_of(batch: Batch, ended_at: datetime) -> BatchRecord:
    """The manifest of a batch whose sweeps are all closed; its files are not yet known."""
    rows = batch.ledger.rows
    verdicts = [row.verdict for row in rows]
    completeness = completeness_of(batch, rows)
    return BatchRecord(
        batch_id=batch.id,
        started_at=batch.started_at,
        ended_at=ended_at,
        status=_status(batch, rows, completeness),
        interval_seconds=batch.config.interval_seconds,
        sample=batch.scope.is_sample,
        scope=msgspec.to_builtins(batch.scope),
        catalogue=batch.catalogue_source,
        window=_window(batch),
        planned=len(batch.agenda.planned),
        complete=verdicts.count(Verdict.COMPLETE),
        partial=verdicts.count(Verdict.PARTIAL),
        failed=verdicts.count(Verdict.FAILED),
        unread=[str(market) for market in batch.unread],
        deferred=_deferrals(batch),
        unknown_fiats=batch.missing_fiats,
        shortfalls=[_shortfall(row) for row in rows if row.verdict != Verdict.COMPLETE],
        slow=[str(sweep.market) for sweep in batch.ledger.sweeps.values() if _is_slow(sweep)],
        ads={side.lower(): _kept(batch, side) for side in Side},
        old_ads=sum(sweep.old_ads for sweep in batch.ledger.sweeps.values()),
        negative_spreads=_negative_spreads(batch),
        completeness=completeness,
        coverage=coverage_of(batch, rows, ended_at),
        refused=dict(batch.ledger.refused),
        changes=dict(batch.drift.counts),
        requests=dict(batch.requests),
        budget={lane.name: _budget(batch, lane) for lane in batch.lanes},
        errors=dict(batch.errors),
        alerts=batch.alerts.raised,
        stopped=batch.dispatcher.stopped,
    )


def is_empty(batch: Batch, rows: list[Sweep]) -> bool:
    """Whether a batch holds nothing that anybody should believe.

    A whole exchange without an ad is no likely answer, and where a whole book's worth of ads was
    seen and every one refused, it is the reading that has failed. Where no currency that was read
    is listed, none may exist: a name was mistyped.
    """
    seen = sum(row.rows for row in rows)
    if not seen:
        is_listed = any(row.fiat in batch.catalogue.fiats for row in rows)
        return batch.scope.is_whole_market or not (is_listed or batch.scope.is_sample)
    kept = sum(sweep.kept for sweep in batch.ledger.sweeps.values())
    return not kept and seen >= WAS_A_BOOK


def _status(batch: Batch, rows: list[Sweep], completeness: float | None) -> Status:
    if not any(row.pages for row in rows):
        return Status.PARTIAL if _was_ended_in_peace(batch) else Status.FAILED
    if is_empty(batch, rows):
        return Status.FAILED
    whole = len(rows) == len(batch.agenda.planned) and not batch.missing_fiats and not batch.failure
    whole = whole and not _is_cut_short(batch)
    proved = all(row.verdict == Verdict.COMPLETE for row in rows)
    enough = completeness is not None and completeness >= batch.config.completeness_threshold
    return Status.COMPLETED if whole and proved and enough else Status.PARTIAL


def _was_ended_in_peace(batch: Batch) -> bool:
    """Whether a signal came before any book was read, and nothing else was wrong."""
    return batch.is_told_to_end and not batch.errors and batch.failure is None


def _is_cut_short(batch: Batch) -> bool:
    """Whether it was stopped within its window while there was more to begin, firm or not."""
    if batch.dispatcher.stopped is None or batch.agenda.plan is None:
        return False
    if batch.limit.is_past(batch.limit.end):  # what was put off then was not planned
        return False
    return any(batch.agenda.plan.units(batch.ledger.sweeps))


def _window(batch: Batch) -> WindowRecord | None:
    plan = batch.agenda.plan
    if plan is None or plan.holds is None:
        return None
    pace = Pace.of(batch.config)
    return WindowRecord(pace.window, plan.holds, plan.needs, pace.rotation)


def _deferrals(batch: Batch) -> list[Deferral]:
    """The markets that were put off, by the reason, and then by their currency."""
    found: dict[str, Deferral] = {}
    for market, reason in sorted(batch.agenda.deferred.items(), key=lambda each: each[0].fiat):
        each = found.setdefault(reason, Deferral(reason, 0, {}))
        each.count += 1
        names = each.markets.get(market.fiat)
        name = f"{market.asset} {market.side}"
        each.markets[market.fiat] = name if names is None else f"{names}, {name}"
    return list(found.values())


def _budget(batch: Batch, lane: Lane) -> LaneBudget:
    return LaneBudget(
        start=lane.start,
        lowest=lane.lowest,
        end=lane.window.budget,
        pauses=lane.pauses,
        answers=lane.answers,
        lost=batch.lanes.lost.get(lane.name),
    )


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
