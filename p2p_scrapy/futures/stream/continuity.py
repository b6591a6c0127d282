"""Whether a dataset's records follow each other: what is stored twice, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from items.futures import Dataset, Gap
from p2p_scrapy.futures.stream.events import Reason
from p2p_scrapy.futures.stream.moments import moment_of

_Ids = npt.NDArray[np.int64]


@dataclass(slots=True)
class Standing:
    """How far a symbol's stream has come.

    Attributes:
        last_id: aggregate trade or update id of the last record; None before the first.
        last_at: when it was received, µs.
        reason: why nothing is known since; None while the stream runs.
        since: when that began, µs.
    """

    last_id: int | None = None
    last_at: int | None = None
    reason: Reason | None = Reason.STARTED
    since: int = 0


class Continuity:
    """One dataset's symbols.

    Trades count up by one. A change of the book names the update that it follows (``pu``), and
    what that leaves out is missing. A partial book replaces the one before, so that a frame less
    loses resolution and nothing else: only at a boundary is it told as a gap.

    Attributes:
        stream: by which it is filled, e.g. ``depth@100ms``.
        standings: by symbol.
        duplicates: records that were left out since they were there already.
    """

    def __init__(self, dataset: Dataset, stream: str) -> None:
        self.standings: dict[str, Standing] = {}
        self.duplicates = 0
        self.stream = stream
        self._are_trades = dataset is Dataset.TRADES
        self._is_partial = dataset is Dataset.DEPTH

    def interrupt(self, symbols: Iterable[str], reason: Reason, at: int) -> None:
        """A boundary for these symbols, unless they have one already."""
        for symbol in symbols:
            standing = self.standings.setdefault(symbol, Standing(since=at))
            if standing.reason is None:
                standing.reason, standing.since = reason, at

    def admit(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, list[Gap]]:
        """What of a batch is new, and the gaps that end with it."""
        gaps: list[Gap] = []
        is_new = np.ones(batch.num_rows, dtype=np.bool_)
        ids, previous = self._chain(batch)
        received = _numbers(batch, "received_at")
        for symbol, rows in _by_symbol(batch):
            fresh = self._fresh(symbol, ids[rows])
            is_new[rows[~fresh]] = False
            if (left := rows[fresh]).size:
                gaps += self._follow(symbol, ids[left], previous[left], received[left])
        if is_new.all():
            return batch, gaps
        self.duplicates += int((~is_new).sum())
        return batch.filter(pa.array(is_new)), gaps

    def open_gaps(self, symbols: Iterable[str]) -> Iterator[Gap]:
        """Of these symbols the boundaries behind which nothing has come yet."""
        for symbol in symbols:
            standing = self.standings.setdefault(symbol, Standing())
            if standing.reason not in (None, Reason.STOPPED):
                yield self._gap(symbol, standing)

    def _chain(self, batch: pa.RecordBatch) -> tuple[_Ids, _Ids]:
        if self._are_trades:
            ids = _numbers(batch, "agg_trade_id")
            return ids, ids - 1
        return _numbers(batch, "final_update_id"), _numbers(batch, "previous_final_update_id")

    def _fresh(self, symbol: str, ids: _Ids) -> npt.NDArray[np.bool_]:
        standing = self.standings.setdefault(symbol, Standing())
        last = -1 if standing.last_id is None else standing.last_id
        highest = np.maximum.accumulate(np.concatenate(([last], ids)))
        return np.asarray(ids > highest[:-1])

    def _follow(self, symbol: str, ids: _Ids, previous: _Ids, received: _Ids) -> Iterator[Gap]:
        standing = self.standings[symbol]
        if standing.reason is not None:
            yield self._boundary(symbol, standing, int(previous[0]), int(received[0]))
        elif not self._is_partial and previous[0] > (standing.last_id or 0):
            yield self._missing(symbol, standing, int(previous[0]), int(received[0]))
        for at in () if self._is_partial else np.flatnonzero(previous[1:] > ids[:-1]):
            before = Standing(int(ids[at]), int(received[at]), Reason.MISSING)
            yield self._missing(symbol, before, int(previous[at + 1]), int(received[at + 1]))
        standing.last_id, standing.last_at = int(ids[-1]), int(received[-1])
        standing.reason = None

    def _boundary(self, symbol: str, standing: Standing, previous: int, ended: int) -> Gap:
        """Of a boundary with nothing missing no ids are told."""
        last = standing.last_id
        if last is None:
            return replace(self._gap(symbol, standing), ended_at=moment_of(ended))
        if previous == last or (previous < last and not self._is_partial):
            whole = self._gap(symbol, standing)
            return replace(whole, from_id=None, ended_at=moment_of(ended), healed=True)
        return self._missing(symbol, standing, previous, ended)

    def _missing(self, symbol: str, standing: Standing, previous: int, ended: int) -> Gap:
        to_id = previous if previous > (standing.last_id or 0) else None
        return replace(self._gap(symbol, standing), to_id=to_id, ended_at=moment_of(ended))

    def _gap(self, symbol: str, standing: Standing) -> Gap:
        """From the last record on, with no end yet."""
        last = standing.last_id
        from_id = last + 1 if last is not None and self._are_trades else last
        started = standing.since if standing.last_at is None else standing.last_at
        reason = standing.reason or Reason.MISSING
        return Gap(
            self.stream, symbol, from_id, None, moment_of(started), None, reason.value, healed=False
        )


def _by_symbol(batch: pa.RecordBatch) -> Iterator[tuple[str, npt.NDArray[np.intp]]]:
    """The rows of each symbol, in order."""
    column: Any = batch.column("symbol")
    codes = column.indices.to_numpy(zero_copy_only=False)
    names = column.dictionary.to_pylist()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for rows in np.split(order, starts[1:]) if codes.size else ():
        yield names[codes[rows[0]]], rows


def _numbers(batch: pa.RecordBatch, name: str) -> _Ids:
    column = batch.column(name)
    numbers = column if column.type == pa.int64() else column.cast(pa.int64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False))
