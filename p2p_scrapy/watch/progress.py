"""On a terminal: a progress bar while a batch runs, and its table at the end."""

import logging
import sys
from collections import deque
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from scrapy import Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall
from scrapy.utils.log import get_scrapy_root_handler

from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.watch import figures
from p2p_scrapy.watch.report import report

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REFRESH_SECONDS = 0.25
RATE_SECONDS = 60.0


class ProgressBar:
    """Markets, ads, requests a minute and the time left, on standard error."""

    def __init__(self, crawler: "Crawler", batch: Batch) -> None:
        self._batch = batch
        self._console = Console(stderr=True)
        self._sent: deque[tuple[float, int]] = deque()
        self._loop = AsyncioLoopingCall(self._refresh)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("markets"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[ads]} ads  {task.fields[rate]}"),
            TextColumn("{task.fields[left]}"),
            console=self._console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("", total=None, ads="0", rate="", left="")
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.engine_stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the census.

        Raises:
            NotConfigured: nobody looks at the terminal, or the crawl is another spider's.
        """
        batch = getattr(crawler.spider, "batch", None)
        if not isinstance(batch, Batch) or not sys.stderr.isatty():
            raise NotConfigured
        return cls(crawler, batch)

    def spider_opened(self, spider: Spider) -> None:  # noqa: ARG002
        """Show the bar; log lines go above it from here on."""
        self._progress.start()
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
        self._loop.start(REFRESH_SECONDS)

    def engine_stopped(self) -> None:
        """Replace the bar by the table."""
        self._loop.stop()
        self._refresh()
        self._progress.stop()
        batch = self._batch
        if batch.record is not None:
            self._console.print(report(batch.record, batch.ledger.sweeps, batch.paths))

    def _refresh(self) -> None:
        batch = self._batch
        minute, rate = self._rate()
        self._progress.update(
            self._task,
            total=len(batch.planned) or None,
            completed=len(batch.ledger.rows),
            ads=figures.count(sum(sweep.kept for sweep in batch.ledger.sweeps.values())),
            rate=f"{minute} requests in the last minute",
            left=self._left(rate),
        )
        self._progress.refresh()

    def _rate(self) -> tuple[int, float]:
        """Requests of the last minute, and how many a minute can go on: what the budgets allow."""
        now, sent = self._batch.clock.monotonic(), self._batch.requests["sent"]
        self._sent.append((now, sent))
        while self._sent[0][0] < now - RATE_SECONDS:
            self._sent.popleft()
        since, before = self._sent[0]
        pace = (sent - before) / max(now - since, 1.0) * 60
        budget = sum(lane.window.budget for lane in self._batch.lanes.usable)
        return sent - before, min(pace, budget)

    def _left(self, rate: float) -> str:
        if not self._batch.planned or rate <= 0 or not (requests := self._requests_left()):
            return ""
        return f"about {figures.duration(requests / rate * 60)} left"

    def _requests_left(self) -> int:
        """Pages still to come, where unread markets are as large as when last read."""
        batch = self._batch
        known, begun = batch.history.markets, batch.ledger.sweeps
        unread = (market for market in batch.planned if market not in begun)
        pages = (-(-(known[m].total or 1) // PAGE_SIZE) if m in known else 1 for m in unread)
        return sum(max(1, count) for count in pages) + sum(s.outstanding for s in begun.values())
