"""Questions to the archive, by Scrapy's downloader."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Response

from p2p_scrapy.binance.answers import retry_after
from p2p_scrapy.clock import Clock
from p2p_scrapy.futures.archive.errors import AbsentError, ArchiveLinkError, PassingError
from p2p_scrapy.futures.archive.patience import Patience
from p2p_scrapy.link import trouble_of

Download = Callable[[Request], Awaitable[Response]]

_ANSWERS = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}
_PASSING = {403, 408, 418, 425, 429}
_DATA_LOSS = {"dataloss", "partial"}
"""Scrapy's flags of a body that ended before its length did."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came; ``is_cut``: the connection ended before the body did."""

    status: int
    content_range: str
    body: bytes
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Wire:
    """Asks the archive.

    Attributes:
        download: Scrapy's downloader.
        timeout: seconds that an answer may take.
        retries: how often a question is put again where nothing has come of it.
        clock: what pauses are measured by.
        stop: set when nothing more is to be asked.
    """

    download: Download
    timeout: float
    retries: int
    clock: Clock
    stop: asyncio.Event

    def patience(self) -> Patience:
        """A new count of retries, for one question or one file."""
        return Patience(self.retries, self.clock, self.stop)

    async def body(self, url: str) -> bytes:
        """A small answer, whole.

        Raises:
            AbsentError: HTTP 404.
            ArchiveLinkError: none came, or none that can be used, after all retries.
        """
        patience = self.patience()
        while True:
            try:
                answer = await self.ask(url)
                if not answer.is_cut:
                    return answer.body
                trouble = PassingError(f"{url}: the answer was cut short")
            except PassingError as passing:
                trouble = passing
            await patience.after(trouble)

    async def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """One try.

        Raises:
            PassingError: it came to nothing, and another may not.
            AbsentError: HTTP 404.
            ArchiveLinkError: an answer that no further try would change.
        """
        request = Request(
            url,
            headers=dict(headers or {}),
            meta={"download_timeout": self.timeout, "download_fail_on_dataloss": False},
            dont_filter=True,
        )
        try:
            response = await self.download(request)
        except Exception as error:
            raise PassingError(f"{url}: {trouble_of(error, None)}") from error
        self._judge(response)
        told = response.headers.get("Content-Range") or b""
        is_cut = bool(_DATA_LOSS & set(response.flags))
        return Answer(response.status, told.decode("latin-1"), response.body, is_cut)

    def _judge(self, response: Response) -> None:
        status = response.status
        if status in _ANSWERS:
            return
        if status == HTTPStatus.NOT_FOUND:
            raise AbsentError(f"{response.url} is not there (HTTP 404)")
        message = f"{response.url} is answered with HTTP {status}"
        if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            told = response.headers.get("Retry-After")
            pause = retry_after(told.decode("latin-1") if told else None, self.clock.now())
            raise PassingError(message, pause)
        raise ArchiveLinkError(message)
