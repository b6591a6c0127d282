"""A market whose whole book is always known, to hold local books against."""

from bisect import bisect_right
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

from items.futures import DEPTH_SCHEMA, LEVEL, LEVELS
from p2p_scrapy.futures.frames import Snapshot

TIME_MS = 1_785_048_482_000


class Event(NamedTuple):
    """A change of one symbol's book; levels are pairs of whole numbers, 0 takes one away."""

    final_id: int
    previous_id: int
    bids: list[tuple[int, int]]
    asks: list[tuple[int, int]]
    time_ms: int = 0


def _levels(pairs: Any) -> list[dict[str, Decimal]]:
    return [{"price": Decimal(price), "quantity": Decimal(quantity)} for price, quantity in pairs]


def diffs(*events: Event, symbol: str = "BTCUSDT") -> pa.RecordBatch:
    """The batch that a decoder makes of events; each is received a second after it happened."""
    rows = [
        {
            "symbol": symbol,
            "event_time": TIME_MS + event.time_ms,
            "transaction_time": TIME_MS + (event.time_ms or event.final_id),
            "first_update_id": event.previous_id + 1,
            "final_update_id": event.final_id,
            "previous_final_update_id": event.previous_id,
            "bids": _levels(event.bids),
            "asks": _levels(event.asks),
            "received_at": (TIME_MS + event.final_id + 1000) * 1000,
        }
        for event in events
    ]
    return pa.RecordBatch.from_pylist(rows, schema=DEPTH_SCHEMA)


def snapshot(last_id: int, bids: Any, asks: Any, *, symbol: str = "BTCUSDT") -> Snapshot:
    """A snapshot of levels that are pairs of whole numbers, best first."""
    sides = [pa.array([_levels(side)], LEVELS).flatten() for side in (bids, asks)]
    return Snapshot(symbol, last_id, TIME_MS + last_id, *sides)


class PlainBook:
    """The plainest book: every level ever set, sorted anew at each look."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[int, int]] = {"bids": {}, "asks": {}}

    def apply(self, event: Event) -> None:
        for name in ("bids", "asks"):
            for price, quantity in getattr(event, name):
                self.sides[name][price] = quantity

    def side(self, name: str, count: int | None = None) -> list[tuple[int, int]]:
        standing = [level for level in self.sides[name].items() if level[1]]
        return sorted(standing, reverse=name == "bids")[:count]


class Tickers:
    """Best prices that the exchange has told, each good until the symbol's next one."""

    def __init__(self, told: list[dict[str, Any]]) -> None:
        self._told: dict[str, list[tuple[int, tuple[Decimal, ...]]]] = {}
        for each in told:
            best = tuple(Decimal(each[key]) for key in "bBaA")
            self._told.setdefault(each["s"], []).append((each["u"], best))
        for times in self._told.values():
            times.sort()

    def at(self, symbol: str, update_id: int) -> tuple[Decimal, ...] | None:
        times = self._told[symbol]
        index = bisect_right(times, update_id, key=lambda each: each[0])
        return times[index - 1][1] if index else None


@pytest.fixture(scope="session")
def market() -> Any:
    """The words of this file, for tests that say what happens in them."""

    class Market:
        Event = Event
        PlainBook = PlainBook
        Tickers = Tickers
        diffs = staticmethod(diffs)
        snapshot = staticmethod(snapshot)
        level_type = LEVEL

    return Market
