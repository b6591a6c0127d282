"""Decoded messages of one kind to a record batch; what does not fit its column is refused."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from items.futures import (
    DEPTH_SCHEMA,
    EXCHANGE_TIME,
    OUR_TIME,
    PRICE,
    QUANTITY,
    SYMBOL,
    TRADE_SCHEMA,
)
from p2p_scrapy.futures.frames.levels import level_columns
from p2p_scrapy.futures.frames.wire import RestTrade, WireDepth, WireTrade

_MILLISECONDS = range(10**12, 10**13)
"""From 2001 to 2286. Spot has sent microseconds since 2025; read as milliseconds they are wrong."""


def trade_columns(trades: Sequence[WireTrade], received_us: Sequence[int]) -> pa.RecordBatch:
    """Aggregate trades of streams as TRADE_SCHEMA has them.

    Raises:
        ValueError: a value does not fit its column exactly (pa.ArrowInvalid is one).
        OverflowError: an id does not fit 64 bits.
    """
    symbols = [trade.s for trade in trades]
    return _trade_batch(trades, symbols, [trade.E for trade in trades], received_us)


def rest_trade_columns(
    trades: Sequence[RestTrade], symbol: str, received_us: int
) -> pa.RecordBatch:
    """Aggregate trades of one REST answer as TRADE_SCHEMA has them; ``event_time`` is null.

    Raises:
        ValueError, OverflowError: as for trade_columns.
    """
    count = len(trades)
    return _trade_batch(trades, [symbol] * count, [None] * count, [received_us] * count)


def _trade_batch(
    trades: Sequence[RestTrade],
    symbols: Sequence[str],
    event_ms: Sequence[int | None],
    received_us: Sequence[int],
) -> pa.RecordBatch:
    columns = [
        _symbols(symbols),
        pa.array([trade.a for trade in trades], pa.int64()),
        pa.array([trade.p for trade in trades], pa.string()).cast(PRICE),
        pa.array([trade.q for trade in trades], pa.string()).cast(QUANTITY),
        pa.array([trade.f for trade in trades], pa.int64()),
        pa.array([trade.l for trade in trades], pa.int64()),
        _exchange_times([trade.T for trade in trades]),
        pa.array([trade.m for trade in trades], pa.bool_()),
        _exchange_times(event_ms),
        pa.array([trade.nq for trade in trades], pa.string()).cast(QUANTITY),
        _our_times(received_us),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=TRADE_SCHEMA)


def depth_columns(depths: Sequence[WireDepth], received_us: Sequence[int]) -> pa.RecordBatch:
    """Partial books, or changes of books, as DEPTH_SCHEMA has them.

    Raises:
        ValueError: a value does not fit its column exactly (pa.ArrowInvalid is one).
        OverflowError: an id does not fit 64 bits.
    """
    columns = [
        _symbols([depth.s for depth in depths]),
        _exchange_times([depth.E for depth in depths]),
        _exchange_times([depth.T for depth in depths]),
        pa.array([depth.U for depth in depths], pa.int64()),
        pa.array([depth.u for depth in depths], pa.int64()),
        pa.array([depth.pu for depth in depths], pa.int64()),
        level_columns([bytes(depth.b) for depth in depths]),
        level_columns([bytes(depth.a) for depth in depths]),
        _our_times(received_us),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=DEPTH_SCHEMA)


def check_milliseconds(time: int) -> None:
    """Refuse a time that is not in milliseconds since 1970.

    Raises:
        ValueError: it is not.
    """
    if time not in _MILLISECONDS:
        raise ValueError(f"time {time} is not in milliseconds since 1970")


def _symbols(symbols: Sequence[str]) -> "pa.Array[Any]":
    return pa.array(symbols, pa.string()).dictionary_encode().cast(SYMBOL)


def _our_times(microseconds: Sequence[int]) -> "pa.Array[Any]":
    return pa.array(microseconds, pa.int64()).cast(OUR_TIME)


def _exchange_times(milliseconds: Sequence[int | None]) -> "pa.Array[Any]":
    times = pa.array(milliseconds, pa.int64())
    for bound in (pc.min(times).as_py(), pc.max(times).as_py()):
        if bound is not None:
            check_milliseconds(bound)
    return times.cast(EXCHANGE_TIME)
