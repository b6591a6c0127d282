"""One page of a book, rendered."""

from collections.abc import Sequence

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.book import Book
from p2p_scrapy.exchange.entry import LEADING, render, render_privileged
from p2p_scrapy.exchange.envelope import listing
from p2p_scrapy.exchange.query import SearchQuery
from p2p_scrapy.exchange.selection import Selection

EMPTY = listing((), 0)
"""What an unknown market answers, and the wrong path ``public/adv/search``."""


def page_of(book: Book, query: SearchQuery) -> bytes:
    """The page asked for: ``rows`` natural ads, on page 1 perhaps one more in front."""
    selection = Selection(query)
    natural = selection.of(book)
    first = (query.page - 1) * query.rows
    entries = [render(ad) for ad in natural[first : first + query.rows]]
    if query.page == 1 and entries:
        _dress_first_page(entries, book, natural, selection)
    return listing(entries, len(natural))


def _dress_first_page(
    entries: list[bytes], book: Book, natural: Sequence[Ad], selection: Selection
) -> None:
    promotion = book.promoted_before(natural)
    if promotion and selection.passes(promotion.ad):
        entries.insert(0, render_privileged(promotion.ad, promotion.privilege))
    elif book.has_leader and not promotion:
        entries[0] = render_privileged(natural[0], LEADING)
