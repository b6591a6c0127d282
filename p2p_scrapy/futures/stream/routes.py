"""Which stream lies behind which route of the exchange, and in which dataset it is kept.

Since 2026-04-23 the exchange serves depth on ``/public`` and aggTrade on ``/market`` alone; a
connection that asks the wrong route is accepted and never sent anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from items.futures import Dataset

STREAMS_A_CONNECTION = 200
"""The exchange allows 1024; fewer keep the address short and a lost connection small."""

_SPEEDS = ("", "@100ms", "@500ms")
_PARTIAL = tuple(f"depth{levels}{speed}" for levels in (5, 10, 20) for speed in _SPEEDS)
_DIFFS = tuple(f"depth{speed}" for speed in (*_SPEEDS, "@0ms"))

DATASETS: dict[str, Dataset] = {
    "aggTrade": Dataset.TRADES,
    **dict.fromkeys(_PARTIAL, Dataset.DEPTH),
    **dict.fromkeys(_DIFFS, Dataset.DIFFS),
}
"""Every stream that can be kept; ``depth@0ms`` is not documented by the exchange, but served."""

_ROUTES = {Dataset.TRADES: "market", Dataset.DEPTH: "public", Dataset.DIFFS: "public"}


@dataclass(frozen=True, slots=True)
class Line:
    """What one connection at a time carries: some symbols' streams of one route.

    Attributes:
        name: in the log and the journal, e.g. ``public-1``.
        route: public or market.
        streams: pairs of symbol and stream, e.g. ``("BTCUSDT", "aggTrade")``.
    """

    name: str
    route: str
    streams: tuple[tuple[str, str], ...]

    def address(self, base_url: str) -> str:
        """Where it is connected to, in combined mode: names alone tell the streams apart."""
        names = (f"{quote(symbol.lower())}@{stream}" for symbol, stream in self.streams)
        return f"{base_url}/{self.route}/stream?streams={'/'.join(names)}"


def lines_of(symbols: tuple[str, ...], streams: tuple[str, ...]) -> Iterator[Line]:
    """As few lines as carry every stream of every symbol."""
    for route in dict.fromkeys(_ROUTES[DATASETS[stream]] for stream in streams):
        here = [stream for stream in streams if _ROUTES[DATASETS[stream]] == route]
        pairs = [(symbol, stream) for symbol in symbols for stream in here]
        for number, start in enumerate(range(0, len(pairs), STREAMS_A_CONNECTION), 1):
            some = tuple(pairs[start : start + STREAMS_A_CONNECTION])
            yield Line(f"{route}-{number}", route, some)
