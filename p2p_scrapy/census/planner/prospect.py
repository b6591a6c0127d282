"""A market before it is planned: what reading it costs, and what is gained by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from items import Market
from p2p_scrapy.binance.queries import PAGE_SIZE
from p2p_scrapy.census.market_history import MarketHistory

USUAL_RATE = 0.035 / 600
"""Share of a book's ads that changes in a second, where nothing was seen yet: 3.5 % in ten minutes,
measured in 153 recordings of one market (the warehouse page)."""
PRIOR = 60 * 600.0
"""Ad-seconds for which all markets' common rate counts in each: 60 ads for ten minutes. A small
book that once changed wholly is not hot for that."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """``requests`` is what its last known size costs, ``gain`` the ads that change in a second.

    ``asked_at`` and ``complete_at`` are the begin of its last sweep and the last complete reading.
    """

    market: Market
    requests: int
    gain: float
    asked_at: datetime | None
    complete_at: datetime | None

    @property
    def is_new(self) -> bool:
        """Whether it was never asked, so that its size is not known."""
        return self.asked_at is None

    @property
    def yield_(self) -> float:
        """What a request for it gains."""
        return self.gain / self.requests


def prospects(
    markets: Iterable[Market], known: Mapping[Market, MarketHistory], most_pages: int
) -> list[Prospect]:
    """The markets with what is known of them; no more than ``most_pages`` of each are read."""
    common = _common_rate(known)
    return [_prospect(market, known.get(market), common, most_pages) for market in markets]


def _prospect(
    market: Market, past: MarketHistory | None, common: float, most_pages: int
) -> Prospect:
    if past is None:
        return Prospect(market, 1, 0.0, None, None)
    size = past.total or 0
    rate = (past.changes + common * PRIOR) / (past.watched + PRIOR)
    pages = min(max(-(-size // PAGE_SIZE), 1), most_pages)
    return Prospect(market, pages, rate * size, past.asked_at, past.complete_at)


def _common_rate(known: Mapping[Market, MarketHistory]) -> float:
    """Share of all books' ads that changes in a second."""
    watched = sum(past.watched for past in known.values())
    return sum(past.changes for past in known.values()) / watched if watched else USUAL_RATE
