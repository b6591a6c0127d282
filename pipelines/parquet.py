"""300: journals each ad, from which the lake's Parquet files are written at the batch's close."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from items import Ad
from p2p_scrapy.errors import DiskFullError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.census.batch import Batch


class ParquetPipeline:
    """An ad that has passed here is in the lake after the batch, or after the next start."""

    def __init__(self, batch: "Batch") -> None:
        self._batch = batch

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Take the batch that the crawl's spider runs."""
        return cls(crawler.spider.batch)  # type: ignore[union-attr]

    def process_item(self, item: Ad) -> Ad:
        """Journal an ad and pass it on.

        Raises:
            DropItem: the disk is full; the batch is ending.
        """
        try:
            self._batch.keep(item)
        except DiskFullError as error:
            raise DropItem(str(error), log_level="DEBUG") from error
        return item
