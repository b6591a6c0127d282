"""What is said of a killed batch: its record, and the ledger rows that it could not write."""

from datetime import datetime

from items import VENUE, BatchRecord, Shortfall, Side, Status, Sweep, Verdict
from p2p_scrapy.census.remains import SWEEP_AT, Remains, Remnant

KILLED = "the process ended before this was read"


def unfinished(remains: Remains) -> list[Sweep]:
    """Ledger rows of the sweeps that the kill cut short; what is known of them is partial."""
    assert remains.header is not None  # noqa: S101 - the caller has looked
    batch_id = remains.header["batch_id"]
    cut_short = (each for name, each in remains.kept.items() if name not in remains.verdicts)
    return [_row(each, batch_id) for each in cut_short]


def record_of(remains: Remains, now: datetime) -> BatchRecord:
    """The manifest of a batch whose sweeps are all entered; its files are not yet known."""
    header, rows = remains.header, remains.verdicts
    verdicts = [row[SWEEP_AT["verdict"]] for row in rows.values()]
    assert header is not None  # noqa: S101 - the caller has looked
    return BatchRecord(
        batch_id=header["batch_id"],
        started_at=header["started_at"],
        ended_at=remains.last_seen or now,
        status=Status.PARTIAL if rows else Status.FAILED,
        interval_seconds=header["interval_seconds"],
        sample=header["sample"],
        scope=header["scope"],
        catalogue="unknown",
        planned=len(remains.plan),
        complete=verdicts.count(Verdict.COMPLETE),
        partial=verdicts.count(Verdict.PARTIAL),
        failed=verdicts.count(Verdict.FAILED),
        unread=[name for name in remains.plan if name not in rows],
        unknown_fiats=[],
        shortfalls=_shortfalls(remains),
        slow=[],
        ads={side.lower(): remains.sides[side] for side in Side},
        old_ads=0,
        negative_spreads=0,
        completeness=None,
        coverage=None,
        refused=dict(remains.refused),
        changes={},
        requests={},
        errors={},
        alerts=[],
        stopped="killed",
    )


def _row(remnant: Remnant, batch_id: str) -> Sweep:
    return Sweep(
        venue=VENUE,
        batch_id=batch_id,
        asset=remnant.market.asset,
        fiat=remnant.market.fiat,
        side=remnant.market.side.value,
        started_at=remnant.begun_at,
        first_response_at=remnant.begun_at,
        swept_at=remnant.ended_at,
        lane="direct",
        total_first=None,
        total_last=None,
        rows=remnant.rows,
        unique=remnant.rows - remnant.promoted,
        promoted=remnant.promoted,
        duplicates=0,
        refused=remnant.refused,
        pages=0,
        rereads=0,
        verdict=Verdict.PARTIAL.value,
        error=KILLED,
    )


def _shortfalls(remains: Remains) -> list[Shortfall]:
    return [
        Shortfall(name, row[SWEEP_AT["verdict"]], row[SWEEP_AT["error"]])
        for name, row in remains.verdicts.items()
        if row[SWEEP_AT["verdict"]] != Verdict.COMPLETE
    ]
