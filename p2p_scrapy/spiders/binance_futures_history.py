"""``scrapy crawl binance_futures_history``: months and days of the archive, as checked Parquet."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response

from p2p_scrapy.arguments import typed
from p2p_scrapy.config import Config
from p2p_scrapy.futures.config import FuturesConfig

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.census.folder import FolderLock
    from p2p_scrapy.futures.archive.history import History

_NONE: tuple[Request, ...] = ()


class BinanceFuturesHistorySpider(Spider):
    """Lends the history Scrapy's downloader; what it does is p2p_scrapy.futures.archive.

    Arguments (-a): symbols, datasets, interval, start, end.
    """

    name = "binance_futures_history"
    custom_settings = {  # noqa: RUF012 - Scrapy's
        "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None},
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {
            "p2p_scrapy.futures.archive.life.HistoryLife": 100,
            "p2p_scrapy.futures.archive.progress.HistoryProgress": 200,
        },
    }

    def __init__(self, history: "History", lock: "FolderLock") -> None:
        super().__init__()
        self.history = history
        self._lock = lock

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003
        """Check settings and arguments, and take the folder of downloads.

        Raises:
            P2PError: the run cannot start; the message says why and what to do.
        """
        from p2p_scrapy.futures.archive.opening import open_history

        config = Config.from_settings(crawler.settings)
        futures = FuturesConfig.from_settings(crawler.settings)

        async def download(request: Request) -> Response:
            if crawler.engine is None:
                raise RuntimeError("scrapy has made no engine")
            return await crawler.engine.download_async(request)

        spider = cls(*open_history(config, futures, typed(kwargs), download))
        spider._set_crawler(crawler)
        return spider

    @property
    def exit_code(self) -> int:
        """What the run came to; scrapy crawl ends with it."""
        return self.history.course.exit_code

    async def start(self) -> AsyncIterator[Any]:
        """Do everything; its requests do not go by the scheduler, so that none is yielded."""
        try:
            await self.history.run()
        finally:
            self._lock.release()
        for request in _NONE:
            yield request
