"""``scrapy crawl binance_p2p``: one batch of the census."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from p2p_scrapy.arguments import typed
from p2p_scrapy.binance import queries
from p2p_scrapy.browser.chromium import BrowserError
from p2p_scrapy.browser.enabling import enable
from p2p_scrapy.browser.place import BROWSER_KEY
from p2p_scrapy.budget.middleware import LANE_KEY
from p2p_scrapy.census import changeover
from p2p_scrapy.census.batch import Batch
from p2p_scrapy.census.census import Census
from p2p_scrapy.census.dispatch import Ask
from p2p_scrapy.census.open_sweep import Entry
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.clock import SystemClock
from p2p_scrapy.config import Config
from p2p_scrapy.proxies import Proxy
from p2p_scrapy.watch.alerts import Alerts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BinanceP2PSpider(Spider):
    """Sends what the dispatcher gives out, and hands on what comes back.

    Arguments (-a): fiats, assets, sides; and for samples pay_types, publisher_type, max_pages.
    """

    name = "binance_p2p"

    def __init__(self, batch: Batch) -> None:
        super().__init__()
        self.batch = batch
        self._census = Census(batch)
        self._headers = queries.headers(batch.config.base_url)

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003
        """Check settings and arguments, and open the batch.

        Raises:
            P2PError: the run cannot start; the message says why and what to do.
        """
        config = Config.from_settings(crawler.settings)
        enable(crawler.settings, config.transport)
        scope = Scope.of_run(config, typed(kwargs))
        clock = SystemClock(config.time_lapse.factor, config.time_lapse.origin)
        batch = Batch.open(
            config,
            scope,
            clock,
            random.SystemRandom(),
            width=crawler.settings.getint("CONCURRENT_REQUESTS"),
            alarm=partial(Alerts, config.data_dir / "alerts", clock.now),
        )
        spider = cls(batch)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield requests as the dispatcher gives them out, until nothing is left to ask."""
        self._census.begin()
        timekeeper = asyncio.create_task(self._census.keep_time())
        try:
            while (ask := await self.batch.dispatcher.next()) is not None:
                yield self._request(ask)
        finally:
            timekeeper.cancel()
        for entry in self._census.abandon():
            yield entry

    def parse(self, response: Response, **kwargs: Any) -> Iterable[Entry]:
        """Hand on the ads of an answer."""
        told = response.headers.get("Retry-After")
        headers = {} if told is None else {"retry-after": told.decode("latin-1")}
        return self._census.answer(kwargs["ask"], response.status, headers, response.body)

    def failed(self, failure: Failure) -> Iterable[Entry]:
        """Meet a request that no answer came to."""
        from p2p_scrapy.link import trouble_of  # with Scrapy's HTTP, which a list has no use for

        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        if isinstance(failure.value, BrowserError):
            changeover.do_without(self.batch, failure.value)
        return self._census.trouble(ask, trouble_of(failure.value, self._proxy(ask)))

    def _request(self, ask: Ask) -> Request:
        batch, proxy = self.batch, self._proxy(ask)
        batch.requests["sent"] += 1
        if by_browser := ask.lane is not None and batch.road.is_browser(ask.lane.name):
            batch.requests["by_browser"] += 1
        return Request(
            batch.config.base_url + ask.query.path,
            method="POST",
            body=ask.query.body,
            headers=self._headers | (proxy.headers if proxy else {}),
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"ask": ask},
            meta={
                LANE_KEY: ask.lane,
                "download_slot": ask.lane.name if ask.lane else None,
                "download_timeout": batch.config.timeout_seconds,
                BROWSER_KEY: by_browser,
                **({"proxy": proxy.address} if proxy else {}),
            },
            dont_filter=True,
        )

    def _proxy(self, ask: Ask) -> Proxy | None:
        return self.batch.lanes.proxy(ask.lane) if ask.lane else None
