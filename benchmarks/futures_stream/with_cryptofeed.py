"""cryptofeed's own handler of Binance's futures, with the same files behind it as ``plain``.

It has no Parquet of its own, and no partial books. Its feed would ask Binance for all symbols at
its making, so it is told the one that is played.
"""

import asyncio
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import websockets  # type: ignore[import-not-found]
from cryptofeed.defines import BINANCE_FUTURES, TRADES  # type: ignore[import-not-found]
from cryptofeed.exchanges import BinanceFutures  # type: ignore[import-not-found]
from cryptofeed.symbols import Symbols  # type: ignore[import-not-found]

from benchmarks.futures_stream.plain import Files

_SYMBOL = "BTC-USDT-PERP"


def feed_of(files: Files) -> Any:
    """A feed that stores every trade."""

    async def store(trade: Any, received: float) -> None:
        files.add({**trade.to_dict(numeric_type=float), "receipt_timestamp": received})

    Symbols.set(BINANCE_FUTURES, {_SYMBOL: "BTCUSDT"}, {"instrument_type": {_SYMBOL: "perpetual"}})
    return BinanceFutures(symbols=[_SYMBOL], channels=[TRADES], callbacks={TRADES: store})


async def collect(url: str, files: Files) -> None:
    """Store everything until the connection ends."""
    feed, connection = feed_of(files), SimpleNamespace(uuid="benchmark")
    async with websockets.connect(url, compression=None, ping_interval=None) as socket:
        async for text in socket:
            await feed.message_handler(text, connection, time.time())
    files.flush()


if __name__ == "__main__":
    asyncio.run(collect(sys.argv[1], Files(Path(sys.argv[2]))))
