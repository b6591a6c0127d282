"""The download handler of the browser road, on scrapy-playwright's."""

import asyncio
import time

from playwright.async_api import Error as PlaywrightError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import BrowserProvider

from p2p_scrapy.binance.answers import PageLostError
from p2p_scrapy.binance.challenge import is_challenge
from p2p_scrapy.browser import chromium
from p2p_scrapy.browser.fetching import Told, failure_of, question_of, response_of, timed_out
from p2p_scrapy.browser.place import Place
from p2p_scrapy.browser.warm_page import WarmPage
from p2p_scrapy.browser.warm_pages import WarmPages

HUNG_SECONDS = 10.0
"""Real seconds beyond a question's own timeout after which the page is taken to hang."""


class WarmPageHandler(ScrapyPlaywrightDownloadHandler):
    """Sends requests that are marked so by ``fetch()`` in an open page, others as Scrapy does.

    scrapy-playwright makes each request a navigation, without an Origin, whose answer comes as
    HTML; ``fetch()`` is what the exchange's own page sends. Two private methods are overridden,
    which is why the version is pinned.
    """

    lazy = True
    """Made with the first request: it is told of no start, and launches nothing by itself."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pages = WarmPages(self._new_provider)

    async def _download_request(self, request: Request, spider: Spider | None = None) -> Response:  # noqa: ARG002
        page = await self._pages.at(Place.of(request))
        began = time.monotonic()
        told, reason = await _ask(page, request)
        request.meta["download_latency"] = time.monotonic() - began
        if "failed" in told:
            raise failure_of(request, told, reason)
        response = response_of(request, told)
        if is_challenge(response.status, response.body):
            await page.retire()  # what its script had proved counts no more
        return response

    async def _close(self) -> None:
        await self._pages.close()

    def _new_provider(self) -> BrowserProvider:
        self.config.launch_options = dict(chromium.launch_options())
        return self.browser_provider_cls(self.config)


async def _ask(page: WarmPage, request: Request) -> tuple[Told, str]:
    try:
        async with asyncio.timeout(request.meta["download_timeout"] + HUNG_SECONDS):
            return await page.fetch(question_of(request))
    except TimeoutError as error:
        await page.retire()
        raise timed_out(request) from error
    except PlaywrightError as error:
        await page.retire()
        words = error.message.strip().partition("\n")[0]
        raise PageLostError(f"the page that asked is gone: {words}") from error
