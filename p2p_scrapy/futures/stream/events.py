"""What happens to a stream: all that the journal keeps, and all that the records follow from.

Live and after a kill the same events go through the same ledger, so that both end in the same
files. Times are microseconds since 1970, UTC, by our clock.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import pyarrow as pa


class Reason(StrEnum):
    """Why a stream has a boundary."""

    STARTED = "started"
    """Nothing is known of before."""
    STOPPED = "stopped"
    """The collector had been stopped in order."""
    KILLED = "killed"
    """It had ended otherwise."""
    CUT = "cut"
    """The connection was lost."""
    SILENCE = "silence"
    """Its route was silent for too long."""
    HANDOVER = "handover"
    """A new connection took over, as planned."""
    DROPPED = "dropped"
    """We were too slow, and had to let frames go."""
    MISSING = "missing"
    """The exchange left them out."""
    RENUMBERED = "renumbered"
    """Its ids began anew below those that they had reached."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection stands; ``number`` is its own, ``line`` what it carries."""

    number: int
    line: str


@dataclass(slots=True)
class Frames:
    """Text frames of a connection, each with the moment of its arrival."""

    number: int
    received: list[int] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many frames of a connection had no room in memory."""

    number: int
    count: int
    at: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A connection is over."""

    number: int
    reason: Reason
    at: int


@dataclass(frozen=True, slots=True)
class Healed:
    """The exchange's answer with trades that were missing."""

    symbol: str
    body: bytes
    at: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Trades of a symbol from this one on cannot be had any more; ``until`` can (None: none)."""

    symbol: str
    from_id: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class BookRows:
    """Rows of the local books, in the bytes of an Arrow stream."""

    stream: bytes

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> Self:
        """Keep a batch."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        return cls(sink.getvalue().to_pybytes())

    def batches(self) -> list[pa.RecordBatch]:
        """What was kept."""
        return list(pa.ipc.open_stream(self.stream))


Event = Opened | Frames | Dropped | Closed | Healed | GivenUp | BookRows
