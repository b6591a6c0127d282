"""The local order book of USD-M futures (futures API page, section 3)."""

from p2p_scrapy.futures.book.books import Books
from p2p_scrapy.futures.book.local_book import BrokenChain

__all__ = ["Books", "BrokenChain"]
