"""Which batch a crawl takes."""

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

from p2p_scrapy.census.batch import Batch

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def batch_of(crawler: "Crawler") -> Batch:
    """The batch that the crawl's spider runs, for the extensions of a census.

    Raises:
        NotConfigured: the crawl is another spider's.
    """
    batch = getattr(crawler.spider, "batch", None)
    if not isinstance(batch, Batch):
        raise NotConfigured
    return batch
