"""The life of a batch within a crawl: signals, and its close."""

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals

from items import BatchRecord, Status
from p2p_scrapy.census import checks
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.crawled import batch_of
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.census.outcome import record_of
from p2p_scrapy.lake.closing import close_batch
from p2p_scrapy.signals import batch_closed, batch_settled
from p2p_scrapy.stop_signals import StopSignals
from p2p_scrapy.version import version_line
from p2p_scrapy.watch.logs import LogFile, quieten_scrapy
from p2p_scrapy.watch.pair_line import pair_line
from p2p_scrapy.watch.summary import summary_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

GRACE_SECONDS = 20.0
"""Real seconds that open sweeps get after a signal, so that a batch ends within a minute."""


class BatchLife:
    """Ends the batch in order on the first SIGINT or SIGTERM, and closes it with its spider.

    A second signal is Scrapy's: what is on the wire is waited for, nothing else, and the batch is
    closed as it stands. A third ends the process at once, and the next start recovers the batch.
    """

    def __init__(self, crawler: "Crawler", batch: Batch) -> None:
        self._batch = batch
        self._signals = crawler.signals
        self._is_ending = False
        self._log_file = LogFile(batch.config.data_dir)
        logger.info("%s", version_line())
        for sentence in batch.recovered:
            logger.warning("Recovered: %s", sentence)
        if batch.recovered:
            checks.look_at_failures(batch)
        batch.ledger.on_settled.append(self._log_pair)
        self._stop_signals = StopSignals(self._drain)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the census.

        Raises:
            NotConfigured: the crawl is another spider's.
        """
        batch = batch_of(crawler)
        quieten_scrapy(crawler.settings)
        return cls(crawler, batch)

    def spider_opened(self, spider: Spider) -> None:  # noqa: ARG002
        """Take the signals over from Scrapy."""
        self._stop_signals.take()

    async def spider_closed(self, spider: Spider) -> None:  # noqa: ARG002
        """Close the batch: the lake's files, the checkpoint, the alerts; then tell of it."""
        try:
            await self._close()
            if self._batch.record is not None:
                await self._signals.send_catch_log_async(
                    signal=batch_closed,
                    record=self._batch.record,
                    is_ending=lambda: self._is_ending,
                )
        finally:
            await self._signals.send_catch_log_async(signal=batch_settled)
            self._log_file.close()
            self._stop_signals.give_back()

    async def _close(self) -> None:
        batch = self._batch
        try:
            batch.close_sweeps()
            record = record_of(batch, batch.clock.now())
            batch.accounts.close(was_good=record.status is Status.COMPLETED)
            checks.look_at(batch, record)
            await asyncio.to_thread(close_batch, record, batch.paths)
            self._enter(record)
        except OSError as error:
            batch.alerts.call("disk_full", f"the batch cannot be written: {error}", error)
            logger.error(
                "What was read lies in %s and is brought into the lake by the next start",
                batch.paths.journal,
            )
        finally:
            batch.lock.release()

    def _enter(self, record: BatchRecord) -> None:
        batch = self._batch
        if not record.sample:
            batch.checkpoint.save(batch.config.data_dir)
        batch.record = record
        level = logging.INFO if record.status is Status.COMPLETED else logging.WARNING
        logger.log(level, "%s", summary_line(record))

    def _log_pair(self, sweep: OpenSweep) -> None:
        """Once both sides of a pair are read."""
        ledger, pair = self._batch.ledger, sweep.market.pair
        books = ledger.pair(pair)
        if not any(book.market in ledger.open for book in books.values()):
            logger.info("%s", pair_line(self._batch.started_at, pair, books))

    def _drain(self, name: str) -> None:
        self._is_ending = True
        if self._batch.record is not None:
            logger.warning("%s: the batch is closed; its loading is brought to an end", name)
            return
        logger.warning(
            "%s: open sweeps are finished in %.0f s at most, then the batch is closed; "
            "a second signal closes it as it stands",
            name,
            GRACE_SECONDS,
        )
        self._batch.drain(name, GRACE_SECONDS)
