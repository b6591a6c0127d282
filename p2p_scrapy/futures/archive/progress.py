"""On a terminal: a progress bar while the history is fetched, and its table at the end."""

import sys
from typing import TYPE_CHECKING, Any, Self

from rich.console import RenderableType
from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TextColumn
from scrapy.exceptions import NotConfigured

from p2p_scrapy.futures.archive.history import History
from p2p_scrapy.futures.archive.report import report
from p2p_scrapy.watch import figures
from p2p_scrapy.watch.bar import CrawlBar

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class HistoryProgress(CrawlBar):
    """Files, bytes and rows, on standard error."""

    def __init__(self, crawler: "Crawler", history: History) -> None:
        self._history = history
        self._began_at = history.clock.monotonic()
        columns = (
            SpinnerColumn(),
            TextColumn("files {task.fields[files]}"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[rows]} rows"),
        )
        super().__init__(crawler, *columns, files="", rows="0")

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

    def now(self) -> dict[str, Any]:
        """Bytes, files and rows."""
        course = self._history.course
        rows = sum(tally.rows for tally in course.tallies.values())
        return {
            "total": course.bytes_planned or None,
            "completed": course.bytes_arrived,
            "files": f"{course.done}/{course.files}",
            "rows": figures.count(rows),
        }

    def at_the_end(self) -> RenderableType:
        """What was fetched, and what is missing."""
        seconds = self._history.clock.monotonic() - self._began_at
        return report(self._history.course, seconds)
