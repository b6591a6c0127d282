"""Feeds that could not be stored."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

FAILED = "feedexport/failed_count"
"""Scrapy's own count of feeds that it could not store begins so."""

_SCRAPY = logging.getLogger("scrapy.extensions.feedexport")


def tell_in_one_line() -> None:
    """Have Scrapy say what a feed's server answered, and not where in its code it was heard."""
    _SCRAPY.addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        record.msg, record.args = (
            "%s: %s",
            (record.getMessage(), str(error) or type(error).__name__),
        )
        record.exc_info = record.exc_text = None
    return True


def have_failed(stats: "StatsCollector | None") -> bool:
    """Whether a feed of a crawl was not written."""
    return any(name.startswith(FAILED) for name in (stats.get_stats() if stats else ()))
