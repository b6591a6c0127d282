"""Watches a batch for the metrics, and publishes them while it runs and when it ends."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from scrapy import signals

from items import BatchRecord, Status
from p2p_scrapy.binance.answers import OK, kinds
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.crawled import batch_of
from p2p_scrapy.census.dispatch import Ask
from p2p_scrapy.census.open_sweep import OpenSweep
from p2p_scrapy.signals import batch_closed, batch_loaded, batch_settled
from p2p_scrapy.watch.metrics import course
from p2p_scrapy.watch.metrics import definitions as metrics
from p2p_scrapy.watch.metrics.load import Load
from p2p_scrapy.watch.metrics.publisher import Publisher
from p2p_scrapy.watch.metrics.state import State
from p2p_scrapy.watch.metrics.tally import Tally

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PUBLISH_SECONDS = 15.0
"""Real seconds between two writings while a batch runs: what a kill can lose of the counts."""


class MetricsObserver:
    """Counts what a batch does; ``on_wire`` is how many questions are out, by the WireTimer.

    A sample counts for requests and troubles alone: it is no batch of the census.
    """

    def __init__(self, crawler: "Crawler", batch: Batch) -> None:
        self.on_wire = 0
        self.publisher = Publisher(batch.config)
        self._batch = batch
        self._has_begun = False
        self._ending = asyncio.Event()
        self._publishing: asyncio.Task[None] | None = None
        batch.on_outcome.append(self._count_outcome)
        if not batch.scope.is_sample:
            batch.ledger.on_settled.append(self._count_sweep)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.batch_closed, signal=batch_closed)
        crawler.signals.connect(self.batch_loaded, signal=batch_loaded)
        crawler.signals.connect(self.batch_settled, signal=batch_settled)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the census.

        Raises:
            NotConfigured: the crawl is another spider's.
        """
        return cls(crawler, batch_of(crawler))

    def spider_opened(self) -> None:
        """Publish from here on."""
        self._publishing = asyncio.create_task(self._keep_publishing())

    async def batch_closed(self, record: BatchRecord) -> None:
        """Count the batch that has ended."""
        await self._stop_publishing()
        await self.publisher.publish(lambda state, tally: self._end(state, tally, record))
        await self.publisher.push()

    async def batch_loaded(self, load: Load) -> None:
        """Count what the warehouse has taken."""

        def change(state: State, tally: Tally) -> None:
            load.enter(state, tally)
            if self._batch.record is not None:
                course.alerts_are(state, self._batch.record)

        await self.publisher.publish(change)
        await self.publisher.push()

    async def batch_settled(self) -> None:
        """Say that a batch which could not be closed runs no more."""
        if not self._ending.is_set():
            await self._stop_publishing()
            await self.publisher.publish(self._rest)

    async def _keep_publishing(self) -> None:
        while not self._ending.is_set():
            self._has_begun = await self.publisher.publish(self._go_on) or self._has_begun
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), PUBLISH_SECONDS)

    async def _stop_publishing(self) -> None:
        """So that nothing which was said of a running batch is written after its end."""
        self._ending.set()
        if self._publishing is not None:
            await self._publishing

    def _go_on(self, state: State, tally: Tally) -> None:
        batch, now = self._batch, self._batch.clock.now()
        if not self._has_begun:
            self._make_known(tally)
            for record in course.unheard(state, batch.config.data_dir, now):
                course.end(state, tally, record, now)
            course.rest(state)  # what was killed runs no more: we have the folder's lock
        if not batch.scope.is_sample:
            course.go_on(state, batch.started_at, now)
        state.set(metrics.ACTIVE, self.on_wire)
        self._describe_lanes(state)

    def _end(self, state: State, tally: Tally, record: BatchRecord) -> None:
        self._rest(state, tally)
        if not record.sample:
            course.end(state, tally, record, self._batch.clock.now())

    def _rest(self, state: State, tally: Tally) -> None:  # noqa: ARG002 - it is a Change
        """Say that nothing is asked any more, unless the next batch has begun already."""
        running = course.running_since(state)
        ours = None if self._batch.scope.is_sample else self._batch.started_at
        if running == ours:
            self._describe_lanes(state)
            course.rest(state)

    def _make_known(self, tally: Tally) -> None:
        """Let counters begin at 0: Prometheus sees no increase in what begins above."""
        for status in Status:
            tally.count(metrics.BATCHES, status, by=0)
        for lane in self._batch.lanes:
            for outcome in (OK, *kinds()):
                tally.count(metrics.REQUESTS, lane.name, outcome, by=0)

    def _describe_lanes(self, state: State) -> None:
        lanes, now = self._batch.lanes, self._batch.clock.monotonic()
        budgets = {lane.name: lane.window.budget for lane in lanes}
        state.set_all(metrics.LANE_BUDGET, budgets)
        stopped = {lane.name: int(lanes.is_stopped(lane, now)) for lane in lanes}
        state.set_all(metrics.LANE_PAUSED, stopped)

    def _count_outcome(self, ask: Ask, outcome: str) -> None:
        tally = self.publisher.tally
        tally.count(metrics.REQUESTS, ask.lane.name if ask.lane else "", outcome)
        if outcome != OK:
            market = ask.sweep.market if ask.sweep else None
            fiat, crypto = (market.fiat, market.asset) if market else (ask.fiat, "")
            tally.count(metrics.ERRORS, outcome, fiat, crypto)

    def _count_sweep(self, sweep: OpenSweep) -> None:
        tally, market = self.publisher.tally, sweep.market
        tally.count(metrics.OFFERS, market.fiat, market.asset, market.side, by=sweep.kept)
        for reason, count in sweep.refused.items():
            tally.count(metrics.REFUSED, reason, by=count)
