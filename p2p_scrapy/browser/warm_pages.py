"""Chromium as it runs, and the pages that stand open in it."""

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress

from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from scrapy.exceptions import DownloadTimeoutError
from scrapy_playwright.provider import BrowserProvider

from p2p_scrapy.browser.chromium import ChromiumDoesNotStartError
from p2p_scrapy.browser.fetching import network_error
from p2p_scrapy.browser.place import Place
from p2p_scrapy.browser.warm_page import CLOSING_SECONDS, WarmPage

logger = logging.getLogger(__name__)

_SAID = re.compile(r"^\[pid=\d+\]\[err\] (.+)$", re.MULTILINE)
"""A line that Chromium wrote itself, as Playwright tells it."""

OPENING_SECONDS = 30.0
"""Real seconds that a page may take to load; a question's own timeout begins after that."""
SETTLING_SECONDS = 5.0
"""Real seconds at most that are left to a page's scripts until its network is quiet."""


class WarmPages:
    """One page a place. Chromium is started for the first, and anew once it has died."""

    def __init__(self, new_provider: Callable[[], BrowserProvider]) -> None:
        self._new_provider = new_provider
        self._provider: BrowserProvider | None = None
        self._browser: Browser | None = None
        self._pages: dict[Place, WarmPage] = {}
        self._opening = asyncio.Lock()

    async def at(self, place: Place) -> WarmPage:
        """The open page of a place; whoever comes while it opens waits for the same one.

        Raises:
            BrowserError: Chromium does not start.
            Exception: one of scrapy.exceptions; the page cannot be loaded.
        """
        async with self._opening:
            page = self._pages.get(place)
            if page is None or page.is_retired:
                page = self._pages[place] = WarmPage(await self._open(place))
            return page

    async def close(self) -> None:
        """End Chromium and its driver; whoever still asks gets an error."""
        ends = [each.close for each in (self._browser, self._provider) if each is not None]
        self._pages.clear()
        self._browser = self._provider = None
        for end in ends:
            with suppress(Exception):  # whatever is left of it, it is not needed any more
                await asyncio.wait_for(end(), CLOSING_SECONDS)

    async def _open(self, place: Place) -> Page:
        page = await self._new_page(place)
        limit = OPENING_SECONDS * 1000
        try:
            await page.goto(place.page_url, timeout=limit)
            with suppress(PlaywrightTimeoutError):  # a page that never rests will do
                await page.wait_for_load_state("networkidle", timeout=SETTLING_SECONDS * 1000)
        except PlaywrightError as error:
            await WarmPage(page).retire()
            raise _as_scrapy_says(error, place) from error
        logger.info("Chromium has opened %s", place)
        return page

    async def _new_page(self, place: Place) -> Page:
        """An empty page with its own cookies; a browser that died unnoticed is started anew."""
        if self._browser is not None and self._browser.is_connected():
            with suppress(PlaywrightError, TimeoutError):
                opening = self._browser.new_page(**place.context_options())
                return await asyncio.wait_for(opening, OPENING_SECONDS)
        await self.close()
        try:
            browser = await self._start()
            return await browser.new_page(**place.context_options())
        except PlaywrightError as error:
            raise ChromiumDoesNotStartError(_own_words(error)) from error

    async def _start(self) -> Browser:
        self._provider = self._new_provider()
        await self._provider.start()
        self._browser = await self._provider.launch_browser()
        return self._browser


def _as_scrapy_says(error: PlaywrightError, place: Place) -> Exception:
    if isinstance(error, PlaywrightTimeoutError):
        return DownloadTimeoutError(f"{place} did not open in {OPENING_SECONDS:.0f} seconds.")
    return network_error(_first_line(error))


def _own_words(error: PlaywrightError) -> str:
    """Why Chromium ended: what it called fatal, else the last that it wrote."""
    said: list[str] = _SAID.findall(error.message)
    fatal = [line for line in said if "FATAL" in line]
    return (fatal or said[-1:] or [_first_line(error)])[0]


def _first_line(error: PlaywrightError) -> str:
    return error.message.strip().partition("\n")[0]
