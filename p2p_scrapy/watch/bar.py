"""A progress bar for the time of a crawl, on standard error, whatever it is that makes progress."""

import logging
import sys
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.progress import Progress, ProgressColumn
from scrapy import Spider, signals
from scrapy.utils.asyncio import AsyncioLoopingCall
from scrapy.utils.log import get_scrapy_root_handler

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

REFRESH_SECONDS = 0.25


class CrawlBar(ABC):
    """Shown from the spider's opening on, and replaced by a table when the engine has stopped."""

    def __init__(self, crawler: "Crawler", *columns: ProgressColumn, **fields: Any) -> None:
        self._console = Console(stderr=True)
        self._loop = AsyncioLoopingCall(self._refresh)
        self._progress = Progress(*columns, console=self._console, auto_refresh=False)
        self._task = self._progress.add_task("", total=None, **fields)
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.engine_stopped, signal=signals.engine_stopped)

    @abstractmethod
    def now(self) -> dict[str, Any]:
        """``total``, ``completed`` and the columns' fields."""

    @abstractmethod
    def at_the_end(self) -> RenderableType | None:
        """The table; None where there is nothing to tell."""

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
        if (table := self.at_the_end()) is not None:
            self._console.print(table)

    def _refresh(self) -> None:
        self._progress.update(self._task, **self.now())
        self._progress.refresh()
