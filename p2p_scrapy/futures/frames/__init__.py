"""What Binance sends of its futures, decoded: frames of streams, and answers beside them."""

from p2p_scrapy.futures.frames.answers import (
    Snapshot,
    UnreadableAnswerError,
    decode_snapshot,
    decode_trades_answer,
)
from p2p_scrapy.futures.frames.decoding import BrokenFrame, Decoded, decode_frames

__all__ = [
    "BrokenFrame",
    "Decoded",
    "Snapshot",
    "UnreadableAnswerError",
    "decode_frames",
    "decode_snapshot",
    "decode_trades_answer",
]
