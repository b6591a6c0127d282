"""How records of a batch follow each other: their ids and times, symbol by symbol."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from items.futures import Dataset

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Chain:
    """Records of one symbol, in the order in which they came.

    Attributes:
        rows: where they are in the batch.
        ids: of each its aggregate trade or its update.
        previous: the id that each follows.
        received: when each came, µs.
        times: when each happened by the exchange's clock, ms.
    """

    rows: _Rows
    ids: Ids
    previous: Ids
    received: Ids
    times: Ids

    @classmethod
    def of(cls, batch: pa.RecordBatch, dataset: Dataset) -> Self:
        """All records of a batch."""
        received, rows = _numbers(batch, "received_at"), np.arange(batch.num_rows)
        if dataset is Dataset.TRADES:
            ids, times = _numbers(batch, "agg_trade_id"), _numbers(batch, "transact_time")
            return cls(rows, ids, ids - 1, received, times)
        ids, previous = _numbers(batch, "final_update_id"), "previous_final_update_id"
        times = _numbers(batch, "transaction_time")
        return cls(rows, ids, _numbers(batch, previous), received, times)

    def __len__(self) -> int:
        return self.rows.size

    def take(self, chosen: _Rows | Mask | slice) -> "Chain":
        """Some of them."""
        return Chain(
            self.rows[chosen],
            self.ids[chosen],
            self.previous[chosen],
            self.received[chosen],
            self.times[chosen],
        )


def chains(batch: pa.RecordBatch, dataset: Dataset) -> Iterator[tuple[str, Chain]]:
    """The records of each symbol."""
    whole = Chain.of(batch, dataset)
    column: Any = batch.column("symbol")
    codes = column.indices.to_numpy(zero_copy_only=False)
    names = column.dictionary.to_pylist()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if codes.size else ():
        yield names[codes[rows[0]]], whole.take(rows)


def _numbers(batch: pa.RecordBatch, name: str) -> Ids:
    column = batch.column(name)
    numbers = column if column.type == pa.int64() else column.cast(pa.int64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False))
