"""The book of a market: its ads in order, and the one that is promoted."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from p2p_scrapy.exchange.ad import Ad
from p2p_scrapy.exchange.market import Market

PAGE_ROWS = 20
"""The most natural ads that a page can hold."""

_rank = attrgetter("rank")


@dataclass(frozen=True, slots=True)
class Promotion:
    """An ad that is shown in front of page 1, beside the natural ones.

    Attributes:
        ad: it may also stand at its natural place in the book.
        privilege: ``privilegeType``, 8 or 2.
    """

    ad: Ad
    privilege: int


@dataclass(slots=True)
class Book:
    """All ads of a market.

    Attributes:
        natural: best for the taker first: asks ascending, bids descending.
        promotion: what is promoted, where anything is.
        has_leader: whether the first natural ad says privilegeType 1 where nothing is promoted.
    """

    market: Market
    natural: list[Ad] = field(default_factory=list)
    promotion: Promotion | None = None
    has_leader: bool = False

    def add(self, ad: Ad) -> None:
        """Put an ad at its place."""
        insort(self.natural, ad, key=_rank)

    def remove(self, ad: Ad) -> None:
        """Take an ad out; its promotion ends with it."""
        del self.natural[bisect_left(self.natural, ad.rank, key=_rank)]
        if self.promotion and self.promotion.ad is ad:
            self.promotion = None

    def reprice(self, ad: Ad, price: Decimal) -> None:
        """Give an ad another price, thus another place."""
        del self.natural[bisect_left(self.natural, ad.rank, key=_rank)]
        ad.price, ad.stock, ad.rendered = price, ad.stock.at_price(price), b""
        insort(self.natural, ad, key=_rank)

    def promoted_before(self, natural: Sequence[Ad]) -> Promotion | None:
        """What page 1 of these natural ads shows in front.

        Its price is always worse than the page's (149 of 149 recorded pages), so it never stands
        on the same page twice; one that has become as good as the page is not shown.
        """
        page = natural[:PAGE_ROWS]
        if not self.promotion or not page:
            return None
        is_worse = self.promotion.ad.taker_cost > page[-1].taker_cost
        return self.promotion if is_worse else None
