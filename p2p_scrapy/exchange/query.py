"""What a search asks for."""

from typing import Annotated, Literal

import msgspec

from p2p_scrapy.exchange.book import PAGE_ROWS
from p2p_scrapy.exchange.envelope import IllegalParameterError
from p2p_scrapy.exchange.market import OPPOSITE, MarketKey


class SearchQuery(msgspec.Struct, frozen=True, rename="camel"):
    """The part of an adv/search body that the exchange heeds; other keys are ignored.

    Attributes:
        trade_type: the TAKER's wish, opposite of the ads' side.
        page: 1-based.
        pay_types: identifiers of payment methods, empty for all.
        publisher_type: merchant, user, or None for both.
        classifies: kinds of ads, empty for all.
    """

    fiat: str
    asset: str
    trade_type: Literal["BUY", "SELL"]
    page: Annotated[int, msgspec.Meta(ge=1)]
    rows: Annotated[int, msgspec.Meta(ge=1, le=PAGE_ROWS)]
    pay_types: tuple[str, ...] | None = ()
    publisher_type: str | None = None
    classifies: tuple[str, ...] | None = ()

    @property
    def market(self) -> MarketKey:
        """The market asked for, named by the ads' side."""
        return self.fiat, self.asset, OPPOSITE[self.trade_type]


_decoder = msgspec.json.Decoder(SearchQuery)


def read_query(body: bytes) -> SearchQuery:
    """Read the body of a search.

    Raises:
        IllegalParameterError: something is missing, of a wrong type or out of its range.
    """
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IllegalParameterError from error
