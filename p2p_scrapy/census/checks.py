"""What a finished batch is looked at for before its record is written."""

from items import BatchRecord, Market, Status, Sweep, Verdict
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.market_history import MarketHistory
from p2p_scrapy.census.outcome import WAS_A_BOOK


def look_at(batch: Batch, record: BatchRecord) -> None:
    """Raise the alerts of a batch as a whole, and enter it in the checkpoint."""
    _look_for_an_empty_batch(batch, record)
    if not record.sample:
        _look_for_lost_books(batch)
        _enter_checkpoint(batch, record)


def _look_for_an_empty_batch(batch: Batch, record: BatchRecord) -> None:
    read = [row for row in batch.ledger.rows if row.pages]
    if read and not sum(record.ads.values()):
        seen = sum(row.rows for row in read)
        batch.alerts.call("empty_batch", f"the whole batch is empty: {seen} ads seen, none kept")


def _look_for_lost_books(batch: Batch) -> None:
    """Books that are empty, and books that are not listed, in one alert: a kind is raised once."""
    gone = {m: past for m, past in batch.history.markets.items() if _has_gone(batch, m, past)}
    lost = {
        "empty, and were not before": [
            str(row.market) for row in batch.ledger.rows if _has_emptied(batch, row)
        ],
        "no longer listed, with the ads of their last complete sweep": [
            f"{market} ({past.complete_unique})" for market, past in gone.items()
        ],
    }
    told = [f"{what}: {', '.join(books)}" for what, books in lost.items() if books]
    if told:
        batch.alerts.call("empty_market", "; ".join(told))
    batch.history.delist(list(gone), batch.config.data_dir)


def _has_emptied(batch: Batch, row: Sweep) -> bool:
    before = batch.history.markets.get(row.market)
    is_empty = row.verdict == Verdict.COMPLETE and row.unique == 0
    return is_empty and before is not None and _was_a_book(before)


def _has_gone(batch: Batch, market: Market, past: MarketHistory) -> bool:
    """Whether a book is listed no more, though the batch asked for it, and that is news."""
    if batch.listed is None or market in batch.listed or market.fiat in batch.missing_fiats:
        return False
    return batch.scope.includes(market) and _was_a_book(past) and not past.is_delisted


def _was_a_book(past: MarketHistory) -> bool:
    return (past.complete_unique or 0) >= WAS_A_BOOK


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
