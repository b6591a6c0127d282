"""One side of a local book, as far as it is known: whole numbers, best price first."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Levels(NamedTuple):
    """Prices and their quantities, of equal length, in units of PRICE's and QUANTITY's scale."""

    prices: list[int]
    quantities: list[int]


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a side runs: bids from the highest price down, asks from the lowest up."""

    sign: int

    def ranks(self, prices: Iterable[int]) -> list[int]:
        """Prices as numbers that grow from the best one on, or such numbers as prices."""
        return [self.sign * price for price in prices]


BIDS = Direction(-1)
ASKS = Direction(1)


class Ladder:
    """One side from a snapshot on; what lies beyond the snapshot's worst price is left out.

    There the book would have holes: the snapshot told nothing of it, changes tell only of levels
    that move. ``limit`` is how many levels were asked for; a shorter side is known to its end.
    """

    def __init__(self, direction: Direction, levels: Levels, limit: int) -> None:
        self._direction = direction
        self._ranks = sorted(direction.ranks(levels.prices))
        self._quantities = dict(zip(direction.ranks(levels.prices), levels.quantities, strict=True))
        self._edge = self._ranks[-1] if len(self._ranks) >= limit else None

    def __len__(self) -> int:
        return len(self._ranks)

    @property
    def edge(self) -> int | None:
        """The last price that is known; None: every price is."""
        return None if self._edge is None else self._direction.sign * self._edge

    def change(self, levels: Levels) -> None:
        """Set the quantities at prices; 0 takes the level away, whether it stood there or not."""
        quantities, edge = self._quantities, self._edge
        for rank, quantity in zip(
            self._direction.ranks(levels.prices), levels.quantities, strict=True
        ):
            if edge is not None and rank > edge:
                continue
            if quantity:
                if rank not in quantities:
                    insort(self._ranks, rank)
                quantities[rank] = quantity
            elif quantities.pop(rank, None) is not None:
                del self._ranks[bisect_left(self._ranks, rank)]

    def best(self, count: int) -> Levels:
        """The best levels, so many at most."""
        ranks = self._ranks[:count]
        return Levels(self._direction.ranks(ranks), [self._quantities[rank] for rank in ranks])
