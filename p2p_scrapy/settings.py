"""Scrapy's settings of this project; our own P2P_ settings come from p2p_scrapy.config."""

import os

from items import AD_COLUMNS
from p2p_scrapy import config
from p2p_scrapy.futures import config as futures_config

BOT_NAME = "p2p_scrapy"
SPIDER_MODULES = ["p2p_scrapy.spiders"]
NEWSPIDER_MODULE = "p2p_scrapy.spiders"
COMMANDS_MODULE = "p2p_scrapy.commands"

globals().update(config.values(os.environ))
globals().update(futures_config.values(os.environ))

USER_AGENT = os.environ.get("USER_AGENT") or (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)

# The dispatcher decides when a request leaves (docs/how-it-works.md); Scrapy sends it at once.
# CONCURRENT_REQUESTS, 16, is on the wire at a time: that hides a round trip, and is still polite.
CONCURRENT_REQUESTS_PER_DOMAIN = 16
DOWNLOAD_DELAY_JITTER = 0

# A guard against slow answers: with this target it allows all of these in a round trip.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_MAX_DELAY = 5
AUTOTHROTTLE_TARGET_CONCURRENCY = 16.0

# Answers of every kind reach the spider, whose table of troubles decides (docs/troubles.md).
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
HTTPERROR_ALLOW_ALL = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # no link is followed
    "p2p_scrapy.budget.middleware.MeterMiddleware": 950,
    "p2p_scrapy.watch.metrics.wire_timer.WireTimer": 960,
}
SPIDER_MIDDLEWARES = {  # what they add to requests from links does not concern ours
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
EXTENSIONS = {
    "p2p_scrapy.life.BatchLife": 100,
    "p2p_scrapy.watch.progress.ProgressBar": 200,
    "p2p_scrapy.watch.metrics.observer.MetricsObserver": 300,
    "p2p_scrapy.watch.notices.BatchNotices": 400,
}
ITEM_PIPELINES = {
    "pipelines.validation.ValidationPipeline": 100,
    "pipelines.deduplication.DeduplicationPipeline": 200,
    "pipelines.parquet.ParquetPipeline": 300,
    "pipelines.postgres.PostgresPipeline": 400,
}

# The pipelines never wait, so more workers a page would only cost their making.
CONCURRENT_ITEMS = 1
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000

FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORT_FIELDS = list(AD_COLUMNS)
FEED_EXPORTERS = {"csv": "p2p_scrapy.feeds.AdCsvExporter"}
FEED_STORAGES = {
    "": "p2p_scrapy.feeds.whole_file.WholeFileFeedStorage",
    "file": "p2p_scrapy.feeds.whole_file.WholeFileFeedStorage",
}
LOG_LEVEL = "INFO"
LOG_FORMATTER = "p2p_scrapy.watch.log_formatter.BriefLogFormatter"
STATS_DUMP = False
