"""``scrapy crawl binance_futures_stream``: live USD-M futures until it is told to stop."""

import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider

from p2p_scrapy.arguments import typed
from p2p_scrapy.census.folder import FolderLock, prove_writable
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.errors import P2PError, SettingError
from p2p_scrapy.futures.config import FuturesConfig
from p2p_scrapy.futures.stream.scope import StreamScope
from p2p_scrapy.parsing import is_loopback
from p2p_scrapy.version import version_line
from p2p_scrapy.watch.logs import LogFile

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class BinanceFuturesStreamSpider(Spider):
    """Runs a collector; Scrapy gives the settings, the command and the log.

    Records travel as batches past Scrapy's items, of which each would cost more than its record.

    Arguments (-a): symbols, streams, sink.
    """

    name = "binance_futures_stream"
    custom_settings = {  # noqa: RUF012 - Scrapy's
        "DOWNLOADER_MIDDLEWARES": {},
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None},  # it would tell of 0 pages
    }

    def __init__(self, config: Config, futures: FuturesConfig, scope: StreamScope) -> None:
        from p2p_scrapy.futures.stream.streaming import stream

        super().__init__()
        self.exit_code = 1
        self._config = config
        self._scope = scope
        clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
        self._stream = partial(stream, config, futures, scope, clock)
        self._lock = FolderLock(config.data_dir, ".stream.lock", "a stream").acquire()

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003
        """Check settings and arguments, and take the data folder.

        Raises:
            P2PError: the run cannot start; the message says why and what to do.
        """
        config = Config.from_settings(crawler.settings)
        futures = FuturesConfig.from_settings(crawler.settings)
        _prove_lapse(config, futures)
        scope = StreamScope.of_run(typed(kwargs))
        prove_writable(config.data_dir)
        spider = cls(config, futures, scope)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Stream until a signal; no request is Scrapy's."""
        log_file = LogFile(self._config.data_dir, "stream.log")
        logger.info("%s streams %s", version_line(), self._scope)
        try:
            await self._stream()
            self.exit_code = 0
        except (P2PError, OSError) as error:
            logger.error("The stream has ended: %s; the next start goes on", error)
        finally:
            self._lock.release()
            log_file.close()
        requests: tuple[Any, ...] = ()
        for request in requests:
            yield request


def _prove_lapse(config: Config, futures: FuturesConfig) -> None:
    """A time-lapse is for trials: an exchange that others use is not asked faster than in life."""
    addresses = (futures.ws_url, futures.rest_url)
    if config.time_lapse.factor != 1 and not all(is_loopback(each) for each in addresses):
        name = setting_name("time_lapse")
        allowed = "1, except against an exchange on this machine"
        raise SettingError(name, config.time_lapse.factor, allowed)
