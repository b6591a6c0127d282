"""The meter: tells the lane that a request's answer came, or that none will."""

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.budget.lane import Lane
    from p2p_scrapy.clock import Clock

LANE_KEY = "p2p_lane"
"""request.meta: the lane that paid for the request."""


class MeterMiddleware:
    """Settles each request with its lane, next to the downloader, and does nothing else."""

    def __init__(self, clock: "Clock") -> None:
        self._clock = clock

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Take the clock that the crawl's spider runs by."""
        return cls(crawler.spider.batch.clock)  # type: ignore[union-attr]

    def process_response(self, request: Request, response: Response) -> Response:
        """Settle a request whose answer came."""
        self._settle(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Settle a request that no answer will come to."""
        self._settle(request)

    def _settle(self, request: Request) -> None:
        lane: Lane | None = request.meta.get(LANE_KEY)
        if lane is not None:
            lane.window.settle(self._clock.monotonic())
