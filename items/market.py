"""Markets: what the exchange trades, and from which side."""

from dataclasses import dataclass
from enum import StrEnum

VENUE = "binance"


class Side(StrEnum):
    """The ADVERTISER's side: BUY ads are bids, SELL ads are asks."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def opposite(self) -> "Side":
        """The taker's side, which is what a search request asks for (API page, section 2)."""
        return Side.SELL if self is Side.BUY else Side.BUY


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """An asset priced in a fiat currency, e.g. USDT/VES."""

    asset: str
    fiat: str

    def __str__(self) -> str:
        return f"{self.asset}/{self.fiat}"


@dataclass(frozen=True, slots=True, order=True)
class Market:
    """One book: all ads of one advertiser's side of one pair."""

    asset: str
    fiat: str
    side: Side

    @property
    def pair(self) -> Pair:
        """The pair that this market is one side of."""
        return Pair(self.asset, self.fiat)

    def __str__(self) -> str:
        return f"{self.asset}/{self.fiat} {self.side}"
