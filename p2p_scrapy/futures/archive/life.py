"""The life of a history run within a crawl: signals, its log, and its last line."""

import logging
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from scrapy.exceptions import NotConfigured

from p2p_scrapy.futures.archive.course import ALL_THERE
from p2p_scrapy.futures.archive.history import History
from p2p_scrapy.futures.archive.report import summary_line
from p2p_scrapy.stop_signals import StopSignals
from p2p_scrapy.version import version_line
from p2p_scrapy.watch.logs import LogFile, quieten_scrapy

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LOG_NAME = "futures_history.log"


class HistoryLife:
    """Ends the run in order on the first SIGINT or SIGTERM.

    The file being read is brought to its end, downloads are gone on with by the next run. A second
    signal is Scrapy's, and a third ends the process: a file is whole or absent all the same.
    """

    def __init__(self, crawler: "Crawler", history: History) -> None:
        self._history = history
        self._log_file = LogFile(history.data_dir, LOG_NAME)
        self._stop_signals = StopSignals(self._stop)
        logger.info("%s", version_line())
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Attach to a crawl of the history.

        Raises:
            NotConfigured: the crawl is another spider's.
        """
        history = getattr(crawler.spider, "history", None)
        if not isinstance(history, History):
            raise NotConfigured
        quieten_scrapy(crawler.settings)
        return cls(crawler, history)

    def spider_opened(self, spider: Spider) -> None:  # noqa: ARG002
        """Take the signals over from Scrapy."""
        self._stop_signals.take()

    def spider_closed(self, spider: Spider) -> None:  # noqa: ARG002
        """Say what it came to."""
        course = self._history.course
        level = logging.INFO if course.exit_code == ALL_THERE else logging.WARNING
        logger.log(level, "%s", summary_line(course))
        self._log_file.close()
        self._stop_signals.give_back()

    def _stop(self, name: str) -> None:
        logger.warning("%s: what is being read is stored, and the next run goes on from here", name)
        self._history.stop()
