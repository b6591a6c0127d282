"""The local order book of USD-M futures (futures API page, section 3)."""

from p2p_scrapy.futures.book.book import SNAPSHOT_LEVELS
from p2p_scrapy.futures.book.books import Books
from p2p_scrapy.futures.book.local_book import MOST_LEVELS, BrokenChain

__all__ = ["MOST_LEVELS", "SNAPSHOT_LEVELS", "Books", "BrokenChain"]
