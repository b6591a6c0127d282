"""One contract that trades: its book, its trades, and what is told of them every 100 ms."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

KEPT_TRADES = 500_000
"""Trades that REST can still answer with; two symbols make fewer in an hour."""
_LEVELS = 1500
_SPREAD_TICKS = 1

Level = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Trade:
    """An aggregate trade; ``time`` is in ms since 1970."""

    number: int
    price: str
    quantity: str
    first: int
    last: int
    time: int
    is_maker: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What one push of the book's stream tells: U, u, pu, and the levels that changed."""

    first: int
    last: int
    previous: int
    time: int
    bids: list[Level]
    asks: list[Level]


class Contract:
    """A random walk with a book around it; prices are whole ticks of 0.1.

    Attributes:
        trades: the latest of them, oldest first.
        updates: the last update id of each push so far: the truth to judge a collector by.
        last_update: of the book as it stands.
    """

    def __init__(self, symbol: str, seed: int, first_trade: int) -> None:
        self.symbol = symbol
        self.trades: deque[Trade] = deque(maxlen=KEPT_TRADES)
        self.updates: list[int] = []
        self.last_update = 0
        self._rng = Random(f"{seed}/{symbol}")  # noqa: S311  nothing here is a secret
        self._next_trade = first_trade
        self._next_fill = first_trade * 2
        self._middle = self._rng.randrange(5_000, 900_000)
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._fill_sides()

    def trade(self, now_ms: int) -> Trade:
        """Make the next trade."""
        fills = self._rng.randrange(1, 4)
        is_maker = self._rng.random() < 0.5  # noqa: PLR2004 - a coin
        best = self._middle if is_maker else self._middle + _SPREAD_TICKS
        made = Trade(
            self._next_trade,
            _price(best),
            _quantity(self._rng.randrange(1, 5_000)),
            self._next_fill,
            self._next_fill + fills - 1,
            now_ms,
            is_maker,
        )
        self._next_trade += 1
        self._next_fill += fills
        self.trades.append(made)
        return made

    def change(self, ids: Iterator[int], now_ms: int) -> Change:
        """Change some levels, each under an update id of its own."""
        changed: tuple[dict[int, int], dict[int, int]] = ({}, {})
        first = last = 0
        for _ in range(self._rng.randrange(1, 8)):
            last = next(ids)
            first = first or last
            self._change_level(changed)
        previous, self.last_update = self.last_update or first - 1, last
        self.updates.append(last)
        bids, asks = ([(_price(p), _quantity(side[p])) for p in sorted(side)] for side in changed)
        return Change(first, last, previous, now_ms, bids, asks)

    def top(self, levels: int) -> tuple[list[Level], list[Level]]:
        """The best levels, best first."""
        down = range(self._middle, self._middle - _LEVELS, -1)
        up = range(self._middle + _SPREAD_TICKS, self._middle + _SPREAD_TICKS + _LEVELS)
        bids = islice((price for price in down if price in self._bids), levels)
        asks = islice((price for price in up if price in self._asks), levels)
        return (
            [(_price(price), _quantity(self._bids[price])) for price in bids],
            [(_price(price), _quantity(self._asks[price])) for price in asks],
        )

    def _change_level(self, changed: tuple[dict[int, int], dict[int, int]]) -> None:
        number = self._rng.randrange(2)
        side = (self._bids, self._asks)[number]
        distance = int(self._rng.expovariate(1 / 8))
        price = self._middle - distance if number == 0 else self._middle + _SPREAD_TICKS + distance
        size = 0 if distance and self._rng.random() < 0.2 else self._rng.randrange(1, 90_000)  # noqa: PLR2004
        if size:
            side[price] = size
        else:
            side.pop(price, None)
        changed[number][price] = size

    def _fill_sides(self) -> None:
        for distance in range(_LEVELS):
            self._bids[self._middle - distance] = self._rng.randrange(1, 90_000)
            self._asks[self._middle + _SPREAD_TICKS + distance] = self._rng.randrange(1, 90_000)


def _price(ticks: int) -> str:
    return f"{ticks // 10}.{ticks % 10}0"


def _quantity(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"
