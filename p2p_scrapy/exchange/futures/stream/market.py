"""All contracts together: they share one count of update ids, and one beat of 100 ms."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from p2p_scrapy.exchange.futures.stream.contract import Contract
from p2p_scrapy.exchange.futures.stream.frames import agg_trade, depth_update, in_envelope

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT")
BEAT_MS = 100
_FIRST_UPDATE = 11_700_000_000_000
_FIRST_TRADE = 3_476_000_000
_PARTIAL = (5, 10, 20)
_DELAY_MS = 150
"""An aggTrade is pushed so long after it happened, as recorded ones are."""

Frame = tuple[str, str]
"""A stream's name without its speed, and the data's text in no envelope yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """Ids of a contract's aggregate trades, and of the last update in each push of its book."""

    trades: list[int]
    updates: list[int]


class FuturesMarket:
    """Contracts that exist once somebody asks for them.

    Every speed of a stream is served at 100 ms, in which they all fit.

    Attributes:
        contracts: by symbol.
        beats: so far.
    """

    def __init__(self, seed: int) -> None:
        self.contracts: dict[str, Contract] = {}
        self.beats = 0
        self._seed = seed
        self._rng = Random(f"{seed}/futures")  # noqa: S311  nothing here is a secret
        self._ids = self._update_ids()

    def contract(self, symbol: str) -> Contract | None:
        """A contract, from now on in every beat; None where there is no such symbol."""
        if symbol not in SYMBOLS:
            return None
        if symbol not in self.contracts:
            first = _FIRST_TRADE + 1_000_000 * SYMBOLS.index(symbol)
            self.contracts[symbol] = Contract(symbol, self._seed, first)
        return self.contracts[symbol]

    def beat(self, now_ms: int, wanted: frozenset[str]) -> Iterator[Frame]:
        """Let 100 ms pass; what of it is wanted, by stream name."""
        self.beats += 1
        for contract in list(self.contracts.values()):
            yield from self._traded(contract, now_ms, wanted)
            yield from self._changed(contract, now_ms, wanted)

    def made(self) -> dict[str, Made]:
        """Everything so far: the truth to judge a collector by."""
        return {
            symbol: Made([trade.number for trade in contract.trades], list(contract.updates))
            for symbol, contract in self.contracts.items()
        }

    def _traded(self, contract: Contract, now_ms: int, wanted: frozenset[str]) -> Iterator[Frame]:
        for _ in range(self._rng.randrange(4)):
            trade = contract.trade(now_ms - _DELAY_MS)
            for stream in _names(contract.symbol, "aggTrade"):
                if stream in wanted:
                    yield stream, in_envelope(stream, agg_trade(contract.symbol, trade, now_ms))

    def _changed(self, contract: Contract, now_ms: int, wanted: frozenset[str]) -> Iterator[Frame]:
        if self._rng.random() < 0.1:  # noqa: PLR2004 - a beat in which nothing changes
            return
        change = contract.change(self._ids, now_ms)
        for stream in _names(contract.symbol, "depth"):
            if stream in wanted:
                data = depth_update(contract.symbol, change, now_ms, change.bids, change.asks)
                yield stream, in_envelope(stream, data)
        for levels in _PARTIAL:
            for stream in _names(contract.symbol, f"depth{levels}"):
                if stream in wanted:
                    data = depth_update(contract.symbol, change, now_ms, *contract.top(levels))
                    yield stream, in_envelope(stream, data)

    def _update_ids(self) -> Iterator[int]:
        """Ids with holes: other symbols' updates lie between."""
        for number in itertools.count(_FIRST_UPDATE):
            if self._rng.random() < 0.3:  # noqa: PLR2004
                yield number


def _names(symbol: str, kind: str) -> list[str]:
    base = f"{symbol.lower()}@{kind}"
    return [base] if kind == "aggTrade" else [base, *(f"{base}@{ms}ms" for ms in (0, 100, 500))]
