"""Times each request in the downloader, and counts those that are on the wire."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from p2p_scrapy.watch.metrics.definitions import REQUEST_DURATION
from p2p_scrapy.watch.metrics.observer import MetricsObserver

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BEGAN_KEY = "p2p_began"
"""request.meta: when it came to the downloader, in seconds of the timer."""


class WireTimer:
    """The downloader middleware next to the downloader."""

    def __init__(
        self, observer: MetricsObserver, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._observer = observer
        self._timer = timer

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Count for the crawl's metrics.

        Raises:
            NotConfigured: it has none.
        """
        observer = crawler.get_extension(MetricsObserver)
        if observer is None:
            raise NotConfigured
        return cls(observer)

    def process_request(self, request: Request) -> None:
        """A request leaves."""
        self._observer.on_wire += 1
        request.meta[BEGAN_KEY] = self._timer()

    def process_response(self, request: Request, response: Response) -> Response:
        """Its answer came."""
        self._observer.on_wire -= 1
        seconds = self._timer() - request.meta[BEGAN_KEY]
        self._observer.publisher.tally.observe(REQUEST_DURATION, seconds)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """No answer will come."""
        self._observer.on_wire -= 1
