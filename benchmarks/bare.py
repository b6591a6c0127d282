"""Bare Scrapy: the engine at its stock settings, with a spider and a pipeline that do nothing.

Its own figures are the most that a Scrapy project on this machine can reach. Where stock Scrapy
would do work that the census does not do, the difference is to bare Scrapy's advantage: requests
are not fingerprinted, and neither pages nor dropped items are logged.
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any, NoReturn, Self

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response

from benchmarks.errand import Errand
from benchmarks.pages import HEADERS, SEARCH_PATH

SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "INFO",
    "ITEM_PIPELINES": {"benchmarks.bare.Drop": 100},
    "TELNETCONSOLE_ENABLED": False,  # these two would listen on ports of the machine
    "REMOTE_CONTROL_ENABLED": False,
}


class BareSpider(Spider):
    """Asks for the pages and yields a small item an ad."""

    name = "bare"
    errand: Errand

    async def start(self) -> AsyncIterator[Any]:
        """Yield all requests at once, as a spider does that knows its pages."""
        for body in self.errand.bodies():
            yield Request(
                self.errand.url + SEARCH_PATH,
                method="POST",
                body=body,
                headers=HEADERS,
                dont_filter=True,
            )

    def parse(self, response: Response, **_: Any) -> Iterator[dict[str, Any]]:
        """Yield number and price."""
        for entry in json.loads(response.body)["data"]:
            yield {"adv_no": entry["adv"]["advNo"], "price": entry["adv"]["price"]}


class Drop:
    """Counts different ads and drops every item."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._numbers: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the errand that the spider runs."""
        return cls(crawler.spider.errand)  # type: ignore[union-attr]

    def process_item(self, item: dict[str, Any]) -> NoReturn:
        """Drop an item.

        Raises:
            DropItem: always.
        """
        self._numbers.add(item["adv_no"])
        raise DropItem("read and counted", log_level="DEBUG")

    def close_spider(self) -> None:
        """Tell the count."""
        self._errand.tell(len(self._numbers))


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(BareSpider, errand=Errand.of_command_line(sys.argv))
    process.start()
