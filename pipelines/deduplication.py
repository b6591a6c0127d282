"""200: keeps the first of the ads that repeat a number in one snapshot."""

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from items import Ad, Side

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from p2p_scrapy.census.batch import Batch


class DeduplicationPipeline:
    """Drops an ad whose number came before on the same side; a batch and side is a snapshot."""

    def __init__(self, batch: "Batch") -> None:
        self._batch = batch
        self._seen: dict[str | None, set[str | None]] = {side.value: set() for side in Side}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Take the batch that the crawl's spider runs."""
        return cls(crawler.spider.batch)  # type: ignore[union-attr]

    def process_item(self, item: Ad) -> Ad:
        """Pass an ad on that was not seen before.

        Raises:
            DropItem: it was.
        """
        seen = self._seen[item.trade_type]
        if item.adv_no in seen:
            self._batch.ledger.repeat(item)
            raise DropItem(f"{item.market}: ad {item.adv_no} came again", log_level="WARNING")
        seen.add(item.adv_no)
        return item
