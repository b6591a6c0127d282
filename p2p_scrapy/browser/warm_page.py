"""A page that stands open, and is asked again and again."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import Request as PageRequest

from p2p_scrapy.browser.fetching import FETCH, Told

CLOSING_SECONDS = 5.0
"""Real seconds that a page, a browser or its driver may take to end."""


class WarmPage:
    """One open page. Once retired it is closed as soon as nobody asks from it any more."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._reasons: dict[tuple[str, str], str] = {}
        self._busy = 0
        self.is_retired = False
        page.on("requestfailed", self._note_reason)

    async def fetch(self, question: Mapping[str, Any]) -> tuple[Told, str]:
        """What FETCH gives back, and why the network failed it, if it did.

        Raises:
            PlaywrightError: the page or its browser is gone, or shows something else meanwhile.
        """
        key = (question["url"], question["body"] or "")
        self._reasons[key] = ""
        self._busy += 1
        try:
            told = await self._page.evaluate(FETCH, question)
            return told, self._reasons.get(key, "")
        finally:
            self._busy -= 1
            self._reasons.pop(key, None)
            await self._close_if_done()

    async def retire(self) -> None:
        """Let nobody ask from it any more."""
        self.is_retired = True
        await self._close_if_done()

    async def _close_if_done(self) -> None:
        if self.is_retired and not self._busy:
            with suppress(PlaywrightError, TimeoutError):  # it is gone already, then, or hangs
                await asyncio.wait_for(self._page.close(), CLOSING_SECONDS)

    def _note_reason(self, request: PageRequest) -> None:
        key = (request.url, request.post_data or "")
        if key in self._reasons:  # the page has requests of its own
            self._reasons[key] = request.failure or ""
