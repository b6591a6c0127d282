"""Who entered and left the books, and when: the truth of a market over an interval."""

from collections import defaultdict
from typing import Any, NamedTuple

from p2p_scrapy.exchange.book import Book
from p2p_scrapy.exchange.market import MarketKey


class Change(NamedTuple):
    """An ad entered its book or left it; ``at`` is in the exchange's seconds since 1970."""

    at: float
    number: str
    entered: bool


class Diary:
    """Every entering and leaving since the exchange was opened, in order of time."""

    def __init__(self) -> None:
        self._changes: dict[MarketKey, list[Change]] = defaultdict(list)

    def note(self, market: MarketKey, change: Change) -> None:
        """Write down what happens now, after all that was written before."""
        self._changes[market].append(change)

    def between(self, book: Book, since: float, until: float) -> dict[str, Any]:
        """A market's ads over an interval of the past.

        Returns:
            ``at_start``, the numbers that stood there at ``since``, in no order; ``changes``
            after ``since`` up to and with ``until``: each time, number, and whether it entered.
        """
        changes = self._changes[book.market.key]
        later = [change for change in changes if change.at > since]
        standing = {ad.number for ad in book.natural}
        for change in reversed(later):  # the book is of this moment: go back
            (standing.remove if change.entered else standing.add)(change.number)
        return {
            "at_start": sorted(standing),
            "changes": [change for change in later if change.at <= until],
        }
