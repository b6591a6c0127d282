"""What is said of a killed batch: its record, and the ledger rows that it could not write."""

from dataclasses import replace
from datetime import datetime

from items import BatchRecord, Shortfall, Side, Status, Sweep, Verdict
from p2p_scrapy.census.remains import SWEEP_AT, Remains, Remnant

KILLED = "the process ended before this was read"


def unfinished(remains: Remains) -> list[Sweep]:
    """Ledger rows of the sweeps that the kill cut short; what is known of them is partial."""
    return [
        _row(each)
        for name, each in remains.kept.items()
        if each.rows and name not in remains.verdicts
    ]


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


def _row(remnant: Remnant) -> Sweep:
    """What was read, less what had not passed the pipelines."""
    return replace(
        Sweep(*remnant.read),
        rows=remnant.rows,
        unique=remnant.rows - remnant.promoted,
        promoted=remnant.promoted,
        refused=remnant.refused,
        verdict=Verdict.PARTIAL.value,
        error=KILLED,
    )


def _shortfalls(remains: Remains) -> list[Shortfall]:
    return [
        Shortfall(name, row[SWEEP_AT["verdict"]], row[SWEEP_AT["error"]])
        for name, row in remains.verdicts.items()
        if row[SWEEP_AT["verdict"]] != Verdict.COMPLETE
    ]
