"""The ads of a book that match a search's filters."""

from collections.abc import Sequence

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.book import Book
from p2p_scrapy.exchange.envelope import UnknownMethodError
from p2p_scrapy.exchange.query import SearchQuery
from p2p_scrapy.exchange.trade_methods import methods_of

_ALL_CLASSIFIES = frozenset({"mass", "profession"})


class Selection:
    """A search's filters, which an ad passes or not.

    Raises:
        UnknownMethodError: the currency has no such payment method.
    """

    def __init__(self, query: SearchQuery) -> None:
        self._methods = frozenset(query.pay_types or ())
        self._publisher = query.publisher_type or None
        self._classifies = frozenset(query.classifies or _ALL_CLASSIFIES)
        if not self._methods <= {method.identifier for method in methods_of(query.fiat)}:
            raise UnknownMethodError

    def of(self, book: Book) -> Sequence[Ad]:
        """The natural ads that pass, in the book's order."""
        if not self._methods and not self._publisher and self._classifies >= _ALL_CLASSIFIES:
            return book.natural
        return [ad for ad in book.natural if self.passes(ad)]

    def passes(self, ad: Ad) -> bool:
        """Whether one ad passes."""
        publisher = "merchant" if ad.advertiser.is_merchant else "user"
        return (
            (not self._methods or any(m.identifier in self._methods for m in ad.methods))
            and self._publisher in {None, publisher}
            and ad.classify in self._classifies
        )
