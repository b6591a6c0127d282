"""Frames of combined-mode connections to record batches, a batch of frames at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec
import pyarrow as pa

from items.futures import DEPTH_SCHEMA, TRADE_SCHEMA, Dataset
from p2p_scrapy.futures.frames.columns import depth_columns, trade_columns
from p2p_scrapy.futures.frames.streams import dataset_of
from p2p_scrapy.futures.frames.wire import (
    WireDepth,
    WireTrade,
    decode_depth,
    decode_envelope,
    decode_trade,
)

Wire = TypeVar("Wire", WireTrade, WireDepth)

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_UNFIT = (ValueError, OverflowError)
_NO_TRADES = pa.RecordBatch.from_pylist([], TRADE_SCHEMA)
_NO_DEPTHS = pa.RecordBatch.from_pylist([], DEPTH_SCHEMA)


@dataclass(frozen=True, slots=True)
class BrokenFrame:
    """A frame of a stream that we store, but without a record that could be stored."""

    frame: bytes
    error: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """The records of a batch of frames, in the order of arrival.

    ``trades`` has TRADE_SCHEMA, ``depth`` (partial books) and ``diffs`` have DEPTH_SCHEMA; any may
    be empty. ``others`` are answers, announcements, and streams that are not stored.
    """

    trades: pa.RecordBatch
    depth: pa.RecordBatch
    diffs: pa.RecordBatch
    others: list[bytes]
    broken: list[BrokenFrame]


def decode_frames(frames: Sequence[bytes], received_us: Sequence[int]) -> Decoded:
    """Decode the frames; ``received_us`` is our clock for each, microseconds since 1970 UTC.

    A bad frame costs only itself.
    """
    trades = _Pile(decode_trade, trade_columns, _NO_TRADES)
    depth = _Pile(decode_depth, depth_columns, _NO_DEPTHS)
    diffs = _Pile(decode_depth, depth_columns, _NO_DEPTHS)
    piles = {Dataset.TRADES: trades.add, Dataset.DEPTH: depth.add, Dataset.DIFFS: diffs.add}
    others: list[bytes] = []
    broken: list[BrokenFrame] = []
    for frame, received in zip(frames, received_us, strict=True):
        try:
            envelope = decode_envelope(frame)
            dataset = dataset_of(envelope.stream)
            if dataset is None:
                others.append(frame)
            else:
                piles[dataset](frame, envelope.data, received)
        except _UNREADABLE as error:
            broken.append(BrokenFrame(frame, str(error)))
    return Decoded(trades.batch(broken), depth.batch(broken), diffs.batch(broken), others, broken)


@dataclass(slots=True)
class _Pile(Generic[Wire]):
    """Messages of one kind, on their way to one record batch."""

    decode: Callable[[msgspec.Raw], Wire]
    columns: Callable[[Sequence[Wire], Sequence[int]], pa.RecordBatch]
    empty: pa.RecordBatch
    frames: list[bytes] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    received_us: list[int] = field(default_factory=list)

    def add(self, frame: bytes, data: msgspec.Raw, received_us: int) -> None:
        """Put one message on the pile."""
        self.wires.append(self.decode(data))
        self.frames.append(frame)
        self.received_us.append(received_us)

    def batch(self, broken: list[BrokenFrame]) -> pa.RecordBatch:
        """All records of the pile; frames whose values do not fit go to ``broken``."""
        whole: list[pa.RecordBatch] = []
        if self.wires:
            self._convert(slice(0, len(self.wires)), whole, broken)
        return _one(whole) if whole else self.empty

    def _convert(self, part: slice, whole: list[pa.RecordBatch], broken: list[BrokenFrame]) -> None:
        """Convert a part; where it fails its halves, so that few steps find what is unfit."""
        wires, received_us = self.wires[part], self.received_us[part]
        try:
            whole.append(self.columns(wires, received_us))
        except _UNFIT as error:
            if len(wires) == 1:
                broken.append(BrokenFrame(self.frames[part.start], str(error)))
                return
            middle = (part.start + part.stop) // 2
            self._convert(slice(part.start, middle), whole, broken)
            self._convert(slice(middle, part.stop), whole, broken)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    (batch,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return batch
