"""Feeds (-o, -O, FEEDS): what Scrapy's exporters do not do by themselves."""

from p2p_scrapy.feeds.asked import compress, prove_writable, warn_of_appending, with_format
from p2p_scrapy.feeds.csv_text import AdCsvExporter
from p2p_scrapy.feeds.failures import have_failed, tell_in_one_line
from p2p_scrapy.feeds.whole_file import WholeFileFeedStorage

__all__ = [
    "AdCsvExporter",
    "WholeFileFeedStorage",
    "compress",
    "have_failed",
    "prove_writable",
    "tell_in_one_line",
    "warn_of_appending",
    "with_format",
]
