"""Missing trades that the exchange can still tell, and what became of each gap."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import msgspec
import numpy as np
import pyarrow as pa

from items.futures import Gap
from p2p_scrapy.futures.frames import decode_trades_answer


@dataclass(slots=True)
class Wound:
    """A gap in the trades; from ``next_id`` on it is open."""

    gap: Gap
    next_id: int

    @property
    def to_id(self) -> int:
        """The last missing trade."""
        return self.gap.to_id or 0


class Wounds:
    """All open gaps of trades, in the order in which they are asked for."""

    def __init__(self) -> None:
        self._open: list[Wound] = []

    @classmethod
    def restore(cls, kept: list[dict[str, Any]]) -> Self:
        """What ``keep`` gave."""
        wounds = cls()
        wounds._open = [msgspec.convert(each, Wound) for each in kept]
        return wounds

    def keep(self) -> list[dict[str, Any]]:
        """All of them, for the journal."""
        return [asdict(wound) for wound in self._open]

    def add(self, gap: Gap) -> None:
        """A gap with both ids."""
        self._open.append(Wound(gap, gap.from_id or 0))

    def first(self) -> tuple[str, int, int] | None:
        """What to ask for next: a symbol, the first missing trade, and the last."""
        if not self._open:
            return None
        wound = self._open[0]
        return wound.gap.symbol, wound.next_id, wound.to_id

    def heal(self, symbol: str, body: bytes, at: int) -> tuple[pa.RecordBatch, list[Gap]]:
        """Take what of an answer was missing; the rows of gaps that are settled by it.

        Raises:
            UnreadableAnswerError: the body is no list of trades.
        """
        trades = decode_trades_answer(body, symbol, at)
        wound = self._of(symbol)
        if wound is None:
            return trades.slice(0, 0), []
        ids = trades.column("agg_trade_id").to_numpy(zero_copy_only=False)
        trades = trades.filter(pa.array((ids >= wound.next_id) & (ids <= wound.to_id)))
        ids = trades.column("agg_trade_id").to_numpy(zero_copy_only=False)
        count = int((ids == wound.next_id + np.arange(ids.size)).cumprod().sum())
        if not count:
            lost_to = int(ids[0]) - 1 if ids.size else wound.to_id
            return trades.slice(0, 0), list(self._lose(wound, lost_to))
        wound.next_id += count
        return trades.slice(0, count), list(self._settle(wound))

    def give_up(
        self, symbol: str, from_id: int | None = None, until: int | None = None
    ) -> list[Gap]:
        """What is missing stays so: of a symbol's first gap, or nothing if it starts elsewhere.

        What follows from ``until`` on is still asked for.
        """
        wound = self._of(symbol)
        if wound is None or from_id not in (None, wound.next_id):
            return []
        lost_to = wound.to_id if until is None else min(until - 1, wound.to_id)
        return list(self._lose(wound, lost_to))

    def give_up_all(self, symbol: str | None = None) -> list[Gap]:
        """What is still missing stays so: of a symbol, or of all."""
        wounds = [each for each in self._open if symbol in (None, each.gap.symbol)]
        return [row for wound in wounds for row in self._lose(wound, wound.to_id)]

    def healed(self, symbol: str) -> range:
        """What has been healed so far of the gap of a symbol that is being asked for."""
        wound = self._of(symbol)
        return range(wound.gap.from_id or 0, wound.next_id) if wound else range(0)

    def _of(self, symbol: str) -> Wound | None:
        return next((each for each in self._open if each.gap.symbol == symbol), None)

    def _settle(self, wound: Wound) -> Iterator[Gap]:
        if wound.next_id > wound.to_id:
            self._open.remove(wound)
            yield replace(wound.gap, healed=True)

    def _lose(self, wound: Wound, to_id: int) -> Iterator[Gap]:
        """Close what is healed before, tell what is lost, and go on behind it."""
        if wound.next_id > (wound.gap.from_id or 0):
            yield replace(wound.gap, to_id=wound.next_id - 1, healed=True)
        yield replace(wound.gap, from_id=wound.next_id, to_id=to_id, healed=False)
        if to_id >= wound.to_id:
            self._open.remove(wound)
        else:
            wound.gap, wound.next_id = replace(wound.gap, from_id=to_id + 1), to_id + 1
