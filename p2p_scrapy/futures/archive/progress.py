"""On a terminal: a progress bar while the history is fetched, and its table at the end."""

import logging
import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn
from scrapy import Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall
from scrapy.utils.log import get_scrapy_root_handler

from p2p_scrapy.futures.archive.history import History
from p2p_scrapy.futures.archive.report import report
from p2p_scrapy.watch import figures

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REFRESH_SECONDS = 0.25


class HistoryProgress:
    """Files, bytes and rows, on standard error."""

    def __init__(self, crawler: "Crawler", history: History) -> None:
        self._history = history
        self._console = Console(stderr=True)
        self._loop = AsyncioLoopingCall(self._refresh)
        self._began_at = history.clock.monotonic()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("files {task.fields[files]}"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[rows]} rows"),
            console=self._console,
            auto_refresh=False,
        )
        self._task = self._progress.add_task("", total=None, files="", rows="0")
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.engine_stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the history.

        Raises:
            NotConfigured: nobody looks at the terminal, or the crawl is another spider's.
        """
        history = getattr(crawler.spider, "history", None)
        if not isinstance(history, History) or not sys.stderr.isatty():
            raise NotConfigured
        return cls(crawler, history)

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
        seconds = self._history.clock.monotonic() - self._began_at
        self._console.print(report(self._history.course, seconds))

    def _refresh(self) -> None:
        course = self._history.course
        rows = sum(tally.rows for tally in course.tallies.values())
        self._progress.update(
            self._task,
            total=course.bytes_planned or None,
            completed=course.bytes_arrived,
            files=f"{course.done}/{course.files}",
            rows=figures.count(rows),
        )
        self._progress.refresh()
