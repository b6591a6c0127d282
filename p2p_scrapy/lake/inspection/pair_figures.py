"""The figures of a pair over its snapshots: both markets, and the spread between them."""

from dataclasses import dataclass, field

from items import Side
from p2p_scrapy.lake.inspection.book import Book


@dataclass(slots=True)
class MarketFigures:
    """One market over its snapshots: the last book, and the range of all prices seen."""

    snapshots: int = 0
    ads: int = 0
    low: float | None = None
    high: float | None = None
    last: Book | None = None

    def add(self, book: Book) -> None:
        """Take in the market's next book."""
        self.snapshots += 1
        self.ads += book.ads
        self.low = min((p for p in (self.low, book.low) if p is not None), default=None)
        self.high = max((p for p in (self.high, book.high) if p is not None), default=None)
        self.last = book


@dataclass(slots=True)
class Spread:
    """Best ask minus best bid of one pair, in fiat; below zero the two sides cross."""

    snapshots: int = 0
    negative: int = 0
    lowest: float = float("inf")
    highest: float = float("-inf")
    last: float | None = None

    def add(self, value: float) -> None:
        """Take in the next one."""
        self.snapshots += 1
        self.negative += value < 0
        self.lowest = min(self.lowest, value)
        self.highest = max(self.highest, value)
        self.last = value


@dataclass(slots=True)
class PairFigures:
    """Both markets of a pair, and the spread between them."""

    markets: dict[Side, MarketFigures] = field(
        default_factory=lambda: {side: MarketFigures() for side in Side}
    )
    spread: Spread = field(default_factory=Spread)

    @property
    def ads(self) -> int:
        """The ads of both sides over all snapshots."""
        return sum(market.ads for market in self.markets.values())
