"""Bodies of the REST endpoints that stand beside the streams."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from p2p_scrapy.errors import P2PError
from p2p_scrapy.futures.frames.columns import check_milliseconds, rest_trade_columns
from p2p_scrapy.futures.frames.levels import level_columns
from p2p_scrapy.futures.frames.wire import decode_snapshot as decode_wire
from p2p_scrapy.futures.frames.wire import decode_trades

_UNREADABLE = (ValueError, OverflowError, RecursionError)  # msgspec's and Arrow's are ValueErrors


class UnreadableAnswerError(P2PError):
    """An answer that is not what its endpoint should send; nothing of it was used."""

    def __init__(self, endpoint: str, symbol: str, error: Exception) -> None:
        super().__init__(f"the answer of {endpoint} for {symbol} cannot be read: {error}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A symbol's book at one update, from ``/fapi/v1/depth``; each side best level first.

    ``bids`` and ``asks`` are of type LEVELS, one list each. ``transaction_ms`` is the exchange's
    clock, milliseconds since 1970 UTC.
    """

    symbol: str
    last_update_id: int
    transaction_ms: int
    bids: "pa.Array[Any]"
    asks: "pa.Array[Any]"


def decode_snapshot(body: bytes, symbol: str) -> Snapshot:
    """The book of an answer of ``GET /fapi/v1/depth``.

    Raises:
        UnreadableAnswerError: the body is something else.
    """
    try:
        wire = decode_wire(body)
        check_milliseconds(wire.T)
        bids, asks = (level_columns([bytes(side)]).flatten() for side in (wire.bids, wire.asks))
    except _UNREADABLE as error:
        raise UnreadableAnswerError("/fapi/v1/depth", symbol, error) from error
    return Snapshot(symbol, wire.last_update_id, wire.T, bids, asks)


def decode_trades_answer(body: bytes, symbol: str, received_us: int) -> pa.RecordBatch:
    """The trades of an answer of ``GET /fapi/v1/aggTrades``; their ``event_time`` is null.

    Raises:
        UnreadableAnswerError: the body is something else.
    """
    try:
        return rest_trade_columns(decode_trades(body), symbol, received_us)
    except _UNREADABLE as error:
        raise UnreadableAnswerError("/fapi/v1/aggTrades", symbol, error) from error
