"""Where live data comes from: the simulated market, or recordings."""

import asyncio
import contextlib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Protocol

from p2p_scrapy.exchange.clock import Clock
from p2p_scrapy.exchange.futures.stream.contract import Trade
from p2p_scrapy.exchange.futures.stream.frames import depth_answer, trades_answer
from p2p_scrapy.exchange.futures.stream.market import BEAT_MS, FuturesMarket
from p2p_scrapy.exchange.futures.stream.pace import reach

KEPT_MS = 48 * 3_600_000
"""How far back REST tells aggTrades."""

Send = Callable[[str, str], None]
"""Takes a stream's name and a frame."""


class TooOldError(LookupError):
    """These trades are not told any more."""


class Source(Protocol):
    """What stands behind the sockets and the REST paths."""

    async def play(self, streams: frozenset[str], send: Send) -> None:
        """Send the frames of these streams until cancelled."""

    def depth(self, symbol: str, limit: int) -> bytes | None:
        """A snapshot's body; None where there is no such symbol."""

    def trades(
        self, symbol: str, from_id: int | None, since: int | None, limit: int
    ) -> bytes | None:
        """Trades from an id or a moment (ms) on, or the latest; None where there is no symbol."""


class MarketSource:
    """The simulated market, which moves while anybody listens."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.market = FuturesMarket(seed)
        self._clock = clock
        self._listeners: list[tuple[frozenset[str], Send]] = []
        self._beating: asyncio.Task[None] | None = None

    async def play(self, streams: frozenset[str], send: Send) -> None:
        """Send the frames of these streams until cancelled."""
        for stream in streams:
            self.market.contract(stream.partition("@")[0].upper())
        listener = (streams, send)
        self._listeners.append(listener)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        try:
            await asyncio.Event().wait()
        finally:
            self._listeners.remove(listener)

    def depth(self, symbol: str, limit: int) -> bytes | None:
        """A snapshot's body; None where there is no such symbol."""
        contract = self.market.contract(symbol)
        if contract is None:
            return None
        return depth_answer(contract.last_update, self._now_ms(), *contract.top(limit))

    def trades(
        self, symbol: str, from_id: int | None, since: int | None, limit: int
    ) -> bytes | None:
        """Trades from an id or a moment (ms) on, or the latest; None where there is no symbol.

        Raises:
            TooOldError: the first of them, or the moment, is older than two days.
        """
        contract = self.market.contract(symbol)
        if contract is None:
            return None
        kept = contract.trades
        if (from_id is None and since is None) or not kept:
            return trades_answer(list(kept)[-limit:])
        start = self._since(kept, since) if from_id is None else self._from(kept, from_id)
        return trades_answer([kept[at] for at in range(start, min(start + limit, len(kept)))])

    def _from(self, kept: Sequence[Trade], number: int) -> int:
        start = number - kept[0].number
        if start < 0 or (start < len(kept) and kept[start].time < self._now_ms() - KEPT_MS):
            raise TooOldError
        return start

    def _since(self, kept: Sequence[Trade], since: int | None) -> int:
        if since is None or since < self._now_ms() - KEPT_MS:
            raise TooOldError
        return bisect_left(kept, since, key=lambda trade: trade.time)

    async def close(self) -> None:
        """Stop the beat."""
        if self._beating:
            self._beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._beating

    async def _beat(self) -> None:
        """Beats that a busy machine misses are caught up with."""
        due = self._now_ms()
        while True:
            while due <= self._now_ms():
                self._tell(due)
                due += BEAT_MS
            await reach(self._clock, due / 1000)

    def _tell(self, now_ms: int) -> None:
        wanted = frozenset().union(*(streams for streams, _ in self._listeners))
        for stream, frame in self.market.beat(now_ms, wanted):
            for streams, send in self._listeners:
                if stream in streams:
                    send(stream, frame)

    def _now_ms(self) -> int:
        return int(self._clock.now() * 1000)
