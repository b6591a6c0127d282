"""Changes of books, from the columns in which they arrive."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from p2p_scrapy.futures.book.ladder import Levels
from p2p_scrapy.futures.scaled import whole_numbers


@dataclass(frozen=True, slots=True)
class Change:
    """One event of ``depth@100ms``: the new quantities of the levels that changed.

    ``final_id`` is its last update (``u``), ``previous_id`` the last one of the event before it
    (``pu``); ``transaction_ms`` is the exchange's clock, ``received_us`` ours.
    """

    final_id: int
    previous_id: int
    transaction_ms: int
    received_us: int
    bids: Levels
    asks: Levels


class Fit(Enum):
    """What a change is to a book, or to the change before it."""

    NEXT = auto()
    STALE = auto()
    BROKEN = auto()


def fit(change: Change, last_id: int, last_ms: int) -> Fit:
    """Whether a change continues what ended with update ``last_id`` at ``last_ms``.

    It does where ``previous_id <= last_id < final_id``. Behind another change that is the
    documented ``pu == previous u``, for no event of a chain begins within another; behind a
    snapshot it is the documented ``U <= L <= u`` and the case that those words forget: a quiet
    symbol's snapshot ends exactly where the next event begins. Two connections may cut the same
    updates into different events; quantities are absolute, so an overlap does no harm.
    """
    if change.final_id <= last_id:
        # Numbers that run back while the time goes on: the exchange has begun to count anew.
        return Fit.STALE if change.transaction_ms <= last_ms else Fit.BROKEN
    return Fit.NEXT if change.previous_id <= last_id else Fit.BROKEN


def changes(diffs: pa.RecordBatch) -> Iterator[tuple[str, Change]]:
    """The symbol and the change of each row of a batch that has DEPTH_SCHEMA."""
    rows = zip(
        diffs.column("symbol").to_pylist(),
        diffs.column("final_update_id").to_pylist(),
        diffs.column("previous_final_update_id").to_pylist(),
        diffs.column("transaction_time").cast(pa.int64()).to_pylist(),
        diffs.column("received_at").cast(pa.int64()).to_pylist(),
        _sides(diffs.column("bids")),
        _sides(diffs.column("asks")),
        strict=True,
    )
    for symbol, *values in rows:
        yield symbol, Change(*values)


def levels_of(side: "pa.Array[Any]") -> Levels:
    """The levels of an array of LEVEL."""
    return Levels(
        whole_numbers(pc.struct_field(side, "price")),
        whole_numbers(pc.struct_field(side, "quantity")),
    )


def _sides(column: "pa.Array[Any]") -> Iterator[Levels]:
    prices, quantities = levels_of(pc.list_flatten(column))
    start = 0
    for count in pc.list_value_length(column).to_pylist():
        yield Levels(prices[start : start + count], quantities[start : start + count])
        start += count
