"""The figures of one lake over all its snapshots; memory grows with the market, not with time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from items import Pair, Side
from p2p_scrapy.lake.inspection.pair_figures import PairFigures
from p2p_scrapy.lake.inspection.snapshot import Snapshot


@dataclass(slots=True)
class SideFigures:
    """One side: its snapshots, the ads in them, and whose they are."""

    snapshots: int = 0
    ads: int = 0
    fewest: int = 0
    most: int = 0
    last: int = 0
    advertisers: set[str] = field(default_factory=set)
    merchants: set[str] = field(default_factory=set)

    def add(self, snapshot: Snapshot) -> None:
        """Take in the next snapshot of this side."""
        self.fewest = min(self.fewest, snapshot.ads) if self.snapshots else snapshot.ads
        self.most = max(self.most, snapshot.ads)
        self.snapshots += 1
        self.ads += snapshot.ads
        self.last = snapshot.ads
        self.advertisers |= snapshot.people.advertisers
        self.merchants |= snapshot.people.merchants


@dataclass(slots=True)
class Census:
    """One lake's figures; snapshots are to be given in the order of time."""

    first: datetime | None = None
    last: datetime | None = None
    sides: dict[Side, SideFigures] = field(
        default_factory=lambda: {side: SideFigures() for side in Side}
    )
    pairs: dict[Pair, PairFigures] = field(default_factory=dict)
    methods: Counter[str] = field(default_factory=Counter)

    def add(self, snapshot: Snapshot) -> None:
        """Take in one snapshot's own figures."""
        if snapshot.fetched_at:
            self.first = min(self.first or snapshot.fetched_at, snapshot.fetched_at)
            self.last = max(self.last or snapshot.fetched_at, snapshot.fetched_at)
        if snapshot.side:
            self.sides[snapshot.side].add(snapshot)
        self.methods.update(snapshot.people.methods)
        for market, book in (snapshot.books or {}).items():
            self.pairs.setdefault(market.pair, PairFigures()).markets[market.side].add(book)

    def add_spreads(self, snapshots: list[Snapshot]) -> None:
        """Take in the spreads between the two sides of one batch."""
        best: dict[Pair, dict[Side, float]] = {}
        for snapshot in snapshots:
            for market, book in (snapshot.books or {}).items():
                if book.best is not None:
                    best.setdefault(market.pair, {})[market.side] = book.best
        for pair, sides in best.items():
            if len(sides) == len(Side):
                self.pairs[pair].spread.add(sides[Side.SELL] - sides[Side.BUY])
