"""What a finished batch is looked at for before its record is written."""

from items import BatchRecord, Status, Sweep, Verdict
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.outcome import WAS_A_BOOK


def look_at(batch: Batch, record: BatchRecord) -> None:
    """Raise the alerts of a batch as a whole, and enter it in the checkpoint."""
    _look_for_empty_books(batch, record)
    if not record.sample:
        _enter_checkpoint(batch, record)


def _look_for_empty_books(batch: Batch, record: BatchRecord) -> None:
    read = [row for row in batch.ledger.rows if row.pages]
    if read and not sum(record.ads.values()):
        seen = sum(row.rows for row in read)
        batch.alerts.call("empty_batch", f"the whole batch is empty: {seen} ads seen, none kept")
    emptied = [str(row.market) for row in batch.ledger.rows if _has_emptied(batch, row)]
    if emptied and not record.sample:
        batch.alerts.call("empty_market", f"empty, and were not before: {', '.join(emptied)}")


def _has_emptied(batch: Batch, row: Sweep) -> bool:
    before = batch.history.markets.get(row.market)
    was_a_book = before is not None and (before.complete_unique or 0) >= WAS_A_BOOK
    return was_a_book and row.verdict == Verdict.COMPLETE and row.unique == 0


def _enter_checkpoint(batch: Batch, record: BatchRecord) -> None:
    checkpoint = batch.checkpoint
    if record.status is Status.COMPLETED:
        checkpoint.completed(batch.started_at, record.ads["buy"], record.ads["sell"])
        return
    checkpoint.fell_short(failed=record.status is Status.FAILED)
    look_at_failures(batch)


def look_at_failures(batch: Batch) -> None:
    """Raise the alert of many failures running, where this batch or a killed one was the last."""
    failures = batch.checkpoint.consecutive_failures
    if failures and failures % batch.config.alert_after_failures == 0:
        batch.alerts.failures_are(failures)
        batch.alerts.call(
            f"{failures}_failures", f"{failures} batches failed in a row", batch.failure
        )
