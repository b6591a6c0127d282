"""The last batches, as the lake and the checkpoint have them."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from items import BatchRecord, Status
from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.config import Config
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.watch import figures
from p2p_scrapy.watch.health.check import Check, Mark
from p2p_scrapy.watch.summary import share

INTERVALS = 3
"""A census is fresh while its last completed batch is no older than so many intervals."""

_MARKS = {
    Status.COMPLETED: Mark.GOOD,
    Status.PARTIAL: Mark.PARTIAL,
    Status.FAILED: Mark.BAD,
}


def freshness(config: Config, now: datetime) -> Check:
    """Whether a batch was completed not long ago."""
    limit = timedelta(seconds=INTERVALS * config.interval_seconds)
    allowed = figures.duration(limit.total_seconds())
    started_at = Checkpoint.load(config.data_dir).last_completed_snapshot
    if started_at is None:
        said = f"no batch was completed yet; at most {allowed} may pass"
        return Check("freshness", Mark.BAD, said)
    ended_at = _end_of(config.data_dir, started_at)
    age = max(now - ended_at, timedelta())
    said = (
        f"the last completed batch ended {ended_at:%Y-%m-%d %H:%M:%S} UTC, "
        f"{figures.duration(age.total_seconds())} ago; at most {allowed} may pass"
    )
    told = {
        "last_completed": ended_at.isoformat(),
        "age_seconds": round(age.total_seconds(), 1),
        "limit_seconds": limit.total_seconds(),
    }
    return Check("freshness", Mark.GOOD if age <= limit else Mark.BAD, said, told)


def last_batch(config: Config) -> Check:
    """What the last batch that ended came to."""
    path = next(manifest.newest_first(config.data_dir), None)
    if path is None:
        return Check("batch", Mark.BAD, "no batch has ended yet")
    try:
        record = manifest.read(path)
    except (OSError, msgspec.MsgspecError) as error:
        return Check("batch", Mark.BAD, f"the last manifest cannot be read: {error}")
    return Check("batch", _MARKS[record.status], _described(record), _told(record))


def _end_of(data_dir: Path, started_at: datetime) -> datetime:
    """When a batch ended; where its manifest is gone, when it began."""
    try:
        return manifest.read(BatchPaths(data_dir, started_at).manifest).ended_at
    except (OSError, msgspec.MsgspecError):
        return started_at


def _described(record: BatchRecord) -> str:
    parts = [
        f"the last one is {record.status}: {_markets(record)} markets complete",
        f"completeness {share(record.completeness)}, coverage {share(record.coverage)}",
    ]
    if record.stopped:
        parts.append(f"ended early: {record.stopped}")
    if record.alerts:
        parts.append(f"alerts: {', '.join(record.alerts)}")
    return ", ".join(parts)


def _markets(record: BatchRecord) -> str:
    return f"{figures.count(record.complete)} of {figures.count(record.planned)}"


def _told(record: BatchRecord) -> dict[str, object]:
    return {
        "status": record.status,
        "started_at": record.started_at.isoformat(),
        "ended_at": record.ended_at.isoformat(),
        "completeness": record.completeness,
        "coverage": record.coverage,
        "alerts": list(record.alerts),
    }
