"""``scrapy crawl deployed``: says which version would run here, and asks nothing of the exchange.

``make deploy`` schedules it, since only a job shows what scrapyd takes for the newest version, and
whether its settings and folders do for a batch.
"""

import logging
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider

from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.config import Config
from p2p_scrapy.version import version_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class DeployedSpider(Spider):
    """Checks what a batch would check before it asks anything, and names the version."""

    name = "deployed"
    custom_settings = {"DOWNLOADER_MIDDLEWARES": {}, "ITEM_PIPELINES": {}}  # noqa: RUF012 - Scrapy's

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:  # noqa: ARG003
        """Check the settings and the data folder.

        Raises:
            P2PError: a batch could not start either; the message says why and what to do.
        """
        config = Config.from_settings(crawler.settings)
        prove_writable(config.data_dir)
        logger.info("%s works with the data folder %s", version_line(), config.data_dir)
        spider = cls()
        spider._set_crawler(crawler)
        return spider
