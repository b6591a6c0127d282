"""``scrapy crawl``: Scrapy's own, with exit codes that schedulers can go by."""

import argparse
import logging
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import CrawlerProcessBase
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from items import Status
from p2p_scrapy import feeds
from p2p_scrapy.errors import P2PError, StoppedEarlyError, UsageError

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)

EXIT_CODES: Mapping[Status, int] = {Status.COMPLETED: 0, Status.FAILED: 1, Status.PARTIAL: 3}
"""2 is a wrong setting or argument, 4 a batch that runs already (p2p_scrapy.errors)."""


_WITH_ITEMS = ("binance_p2p",)


class Command(ScrapyCrawl):
    """Ends with 0 only for a completed batch, and refuses to start in one line."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Understand feeds whose name ends with .gz."""
        for name in ("output", "overwrite_output"):
            setattr(opts, name, [feeds.with_format(uri) for uri in getattr(opts, name) or ()])
        super().process_options(args, opts)
        if self.settings is not None and (opts.output or opts.overwrite_output):
            compressed = feeds.compress(self.settings.getdict("FEEDS"))
            self.settings.set("FEEDS", compressed, priority="cmdline")
        self._keep_the_terminal_quiet(opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one crawl, and take the exit code from what it came to."""
        if len(args) != 1:
            raise ScrapyUsageError("name one spider, e.g. scrapy crawl binance_p2p")
        if self.crawler_process is None:
            raise RuntimeError("scrapy has made no crawler process")
        try:
            self.exitcode = self._crawl(self.crawler_process, args[0], opts)
        except P2PError as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)  # noqa: T201 - the one clear line
            if self.settings is not None and self.settings["LOG_FILE"]:  # scrapyd's, of the job
                logger.error("%s", error)
            self.exitcode = error.exit_code

    def _crawl(self, process: CrawlerProcessBase, name: str, opts: argparse.Namespace) -> int:
        if name not in (spiders := process.spider_loader.list()):
            raise UsageError(f"there is no spider {name!r}; there are: {', '.join(spiders)}")
        if (opts.output or opts.overwrite_output) and name not in _WITH_ITEMS:
            raise UsageError(f"{name} has no items for a feed: it writes files of its own")
        _prepare_feeds(process.settings)
        crawler = self._create_crawler(name)
        task = cast("asyncio.Task[None]", process.crawl(crawler, **opts.spargs))
        process.start()
        if not task.done():
            raise StoppedEarlyError("stopped by a signal before it had begun; nothing is lost")
        task.result()
        code = _exit_code(crawler.spider)
        return code or (EXIT_CODES[Status.PARTIAL] if feeds.have_failed(crawler.stats) else 0)

    def _keep_the_terminal_quiet(self, opts: argparse.Namespace) -> None:
        """A person sees the progress bar and what matters; everything else is in the log file."""
        if self.settings is None or not sys.stderr.isatty():
            return
        asked = self.settings.getpriority("LOG_LEVEL") == SETTINGS_PRIORITIES["cmdline"]
        if not (asked or opts.logfile or opts.nolog):
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")


def _prepare_feeds(settings: BaseSettings) -> None:
    wanted = settings.getdict("FEEDS")
    feeds.warn_of_appending(wanted)
    feeds.prove_writable(wanted.keys(), settings.getwithbase("FEED_STORAGES").keys())
    feeds.tell_in_one_line()


def _exit_code(spider: object) -> int:
    """A census's by its batch's status; every other spider may set its own."""
    batch = getattr(spider, "batch", None)
    if batch is None:
        return int(getattr(spider, "exit_code", 0))
    return EXIT_CODES[batch.record.status] if batch.record else EXIT_CODES[Status.FAILED]
