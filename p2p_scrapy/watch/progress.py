"""On a terminal: a progress bar while a batch runs, and its table at the end."""

import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Self

from rich.console import RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from scrapy.exceptions import NotConfigured

from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.crawled import batch_of
from p2p_scrapy.watch import figures
from p2p_scrapy.watch.bar import CrawlBar
from p2p_scrapy.watch.report import report

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

RATE_SECONDS = 60.0


class ProgressBar(CrawlBar):
    """Markets, ads, requests a minute and the time left, on standard error."""

    def __init__(self, crawler: "Crawler", batch: Batch) -> None:
        self._batch = batch
        self._sent: deque[tuple[float, int]] = deque()
        columns = (
            SpinnerColumn(),
            TextColumn("markets"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[ads]} ads  {task.fields[rate]}"),
            TextColumn("{task.fields[left]}"),
        )
        super().__init__(crawler, *columns, ads="0", rate="", left="")

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the census.

        Raises:
            NotConfigured: nobody looks at the terminal, or the crawl is another spider's.
        """
        if not sys.stderr.isatty():
            raise NotConfigured
        return cls(crawler, batch_of(crawler))

    def now(self) -> dict[str, Any]:
        """Markets, ads, requests a minute and the time left."""
        batch = self._batch
        minute, rate = self._rate()
        return {
            "total": len(batch.agenda.planned) or None,
            "completed": len(batch.ledger.rows),
            "ads": figures.count(sum(sweep.kept for sweep in batch.ledger.sweeps.values())),
            "rate": f"{minute} requests in the last minute",
            "left": self._left(rate),
        }

    def at_the_end(self) -> RenderableType | None:
        """What the batch came to, if it was closed."""
        batch = self._batch
        if batch.record is None:
            return None
        return report(batch.record, batch.ledger.sweeps, batch.paths)

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
        if not self._batch.agenda.planned or rate <= 0 or not (requests := self._requests_left()):
            return ""
        return f"about {figures.duration(requests / rate * 60)} left"

    def _requests_left(self) -> int:
        """Pages still to come, where unread markets are as large as when last read."""
        batch = self._batch
        known, begun = batch.history.markets, batch.ledger.sweeps
        unread = (market for market in batch.agenda.planned if market not in begun)
        pages = (-(-(known[m].total or 1) // PAGE_SIZE) if m in known else 1 for m in unread)
        return sum(max(1, count) for count in pages) + sum(s.outstanding for s in begun.values())
