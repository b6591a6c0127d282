"""Feeds (-o, -O, FEEDS): what Scrapy's exporters do not do by themselves.

The storage of files, ``whole_file``, is loaded by a crawl alone: it brings all of the census.
"""

from p2p_scrapy.feeds.asked import compress, prove_writable, warn_of_appending, with_format
from p2p_scrapy.feeds.csv_text import AdCsvExporter
from p2p_scrapy.feeds.failures import have_failed, tell_in_one_line

__all__ = [
    "AdCsvExporter",
    "compress",
    "have_failed",
    "prove_writable",
    "tell_in_one_line",
    "warn_of_appending",
    "with_format",
]
