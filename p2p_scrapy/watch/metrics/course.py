"""The course of batches as the metrics tell it: one begins, goes on, ends and is counted once."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from items import BatchRecord, Status, Verdict
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.paths import BatchPaths
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.definitions import RUNNING
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.tally import Tally

logger = logging.getLogger(__name__)


def running_since(state: State) -> datetime | None:
    """The start of the batch of the census that runs, if one does."""
    began = state.get(metrics.BATCH_START)
    if began is None or state.get(metrics.BATCH_STATUS, RUNNING) != 1:
        return None
    return datetime.fromtimestamp(began, UTC)


def go_on(state: State, started_at: datetime, now: datetime) -> None:
    """A batch of the census has begun, or still runs."""
    for status in Status:
        if state.get(metrics.BATCH_STATUS, status) is None:
            state.put(metrics.BATCH_STATUS, status, 0)
    state.put(metrics.BATCH_STATUS, RUNNING, 1)
    state.set(metrics.BATCH_START, started_at.timestamp())
    state.set(metrics.BATCH_SEEN, now.timestamp())
    state.set(metrics.BATCH_ELAPSED, (now - started_at).total_seconds())


def rest(state: State) -> None:
    """No batch runs any more."""
    state.put(metrics.BATCH_STATUS, RUNNING, 0)
    state.set(metrics.ACTIVE, 0)


def end(state: State, tally: Tally, record: BatchRecord, now: datetime) -> None:
    """A batch of the census has ended; one that is counted already is not counted again."""
    if _is_counted(state, record.started_at, now):
        return
    seconds = (record.ended_at - record.started_at).total_seconds()
    tally.count(metrics.BATCHES, record.status)
    tally.observe(metrics.BATCH_DURATION, seconds)
    if state.get(metrics.BATCH_START) == record.started_at.timestamp():
        rest(state)
        state.set(metrics.BATCH_ELAPSED, seconds)
    for status in Status:
        state.put(metrics.BATCH_STATUS, status, int(status is record.status))
    state.set(metrics.LAST_BATCH_START, record.started_at.timestamp())
    state.set(metrics.LAST_BATCH, record.ended_at.timestamp())
    if record.status is Status.COMPLETED:
        state.set(metrics.LAST_COMPLETED, record.ended_at.timestamp())
    _describe(state, record)


def alerts_are(state: State, record: BatchRecord) -> None:
    """Alerts may still come while the batch is loaded; they stand if no other has ended since."""
    if state.get(metrics.LAST_BATCH_START) == record.started_at.timestamp():
        state.set_all(metrics.ALERTS, dict.fromkeys(record.alerts, 1))


def unheard(state: State, data_dir: Path, now: datetime) -> list[BatchRecord]:
    """Batches that ended and were not counted, the oldest first.

    Those are what was recovered after a kill, or was killed between its close and the counting.
    Without any batch that was heard of there are none: the lake's history is not counted.
    """
    began = state.get(metrics.BATCH_START)
    if began is None:
        return []
    since = datetime.fromtimestamp(began, UTC)
    return [
        record
        for record in _closed_since(data_dir, since, now)
        if not _is_counted(state, record.started_at, now)
    ]


def _is_counted(state: State, started_at: datetime, now: datetime) -> bool:
    """Whether that batch or a later one was counted; a mark of the future is a wrong clock's."""
    began, last = started_at.timestamp(), state.get(metrics.LAST_BATCH_START)
    return last is not None and (began == last or began < last <= now.timestamp())


def _closed_since(data_dir: Path, since: datetime, now: datetime) -> Iterator[BatchRecord]:
    day = since
    while day.date() <= now.date():
        folder = BatchPaths(data_dir, day).manifest.parent
        for path in sorted(folder.glob("batch_*.json")):
            if path.name >= BatchPaths(data_dir, since).manifest.name:
                yield from _read(path)
        day += timedelta(days=1)


def _read(path: Path) -> Iterator[BatchRecord]:
    try:
        yield manifest.read(path)
    except (OSError, msgspec.MsgspecError) as error:
        logger.warning("A batch is not counted, its manifest cannot be read: %s", error)


def _describe(state: State, record: BatchRecord) -> None:
    state.set(metrics.COMPLETENESS, record.completeness)
    state.set(metrics.COVERAGE, record.coverage)
    state.set_all(
        metrics.MARKETS,
        {
            Verdict.COMPLETE: record.complete,
            Verdict.PARTIAL: record.partial,
            Verdict.FAILED: record.failed,
            "unread": len(record.unread),
            "deferred": sum(each.count for each in record.deferred),
        },
    )
    alerts_are(state, record)
