"""Tells people of a batch's alerts, and of those that it has ended."""

import asyncio
from typing import TYPE_CHECKING, Self

from p2p_scrapy import signals
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.crawled import batch_of
from p2p_scrapy.watch.notices.delivery import Delivery
from p2p_scrapy.watch.notices.evidence import Ended
from p2p_scrapy.watch.notices.message import kind_of
from p2p_scrapy.watch.notices.messenger import Messenger
from p2p_scrapy.watch.notices.standing import StandingAlerts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.watch.metrics.load import Load


class BatchNotices:
    """An alert is told when it is raised, a recovery when the batch and its load have ended."""

    def __init__(self, crawler: "Crawler", batch: Batch) -> None:
        addresses = batch.config.alert_urls
        names = [address.name for address in addresses]
        self._batch = batch
        self._is_loaded = self._is_whole = False
        self._standing = StandingAlerts(batch.config.data_dir, names, batch.clock.now)
        self._messenger = Messenger(self._standing, Delivery(self._standing, addresses))
        batch.alerts.on_raised.append(self._raised)
        crawler.signals.connect(self.batch_loaded, signal=signals.batch_loaded)
        crawler.signals.connect(self.batch_settled, signal=signals.batch_settled)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the census.

        Raises:
            NotConfigured: the crawl is another spider's.
        """
        return cls(crawler, batch_of(crawler))

    def batch_loaded(self, load: "Load") -> None:
        """Note whether the warehouse is up to date, and whether it is whole."""
        self._is_loaded = bool(load.has_worked)
        self._is_whole = self._is_loaded and not load.waiting

    async def batch_settled(self) -> None:
        """Tell what has recovered, and what could not be told before."""
        batch = self._batch
        ended = Ended(
            scope=batch.scope,
            record=batch.record,
            is_loaded=self._is_loaded,
            is_whole=self._is_whole,
            kinds={kind_of(name) for name in batch.alerts.raised},
        )
        if not self._standing.is_blank:
            self._messenger.enter(lambda standing: standing.batch_ended(ended))
        await asyncio.to_thread(self._messenger.close)

    def _raised(self, kind: str, error: str) -> None:
        scope = self._batch.scope
        self._messenger.enter(lambda standing: standing.call(kind, error, scope))
