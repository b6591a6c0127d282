"""Whether a dataset's records follow each other: what is stored twice, and what is missing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from items.futures import Dataset, Gap
from p2p_scrapy.futures.stream.chain import Chain, chains
from p2p_scrapy.futures.stream.events import Reason
from p2p_scrapy.futures.stream.moments import moment_of
from p2p_scrapy.futures.stream.standing import Standing

Healed = Callable[[str], range]
"""Of a symbol's open gap the trades that have been healed."""


class Continuity:
    """One dataset's symbols.

    Trades count up by one. A change of the book names the update that it follows (``pu``), and
    what that leaves out is missing. A partial book replaces the one before, so that a frame less
    loses resolution and nothing else: only at a boundary is it told as a gap.

    Ids may begin anew, after a relisting or behind one that was wrong. Records below the last id
    are duplicates only as long as they are not later than it.

    Attributes:
        stream: by which it is filled, e.g. ``depth@100ms``.
        standings: by symbol.
        duplicates: records that were left out since they were there already.
    """

    def __init__(self, dataset: Dataset, stream: str) -> None:
        self.standings: dict[str, Standing] = {}
        self.duplicates = 0
        self.stream = stream
        self._dataset = dataset
        self._are_trades = dataset is Dataset.TRADES
        self._is_partial = dataset is Dataset.DEPTH

    def interrupt(self, symbols: Iterable[str], reason: Reason, at: int) -> None:
        """A boundary for these symbols, unless they have one already."""
        for symbol in symbols:
            standing = self.standings.setdefault(symbol, Standing(since=at))
            if standing.reason is None:
                standing.reason, standing.since = reason, at

    def admit(self, batch: pa.RecordBatch, healed: Healed) -> tuple[pa.RecordBatch, list[Gap]]:
        """What of a batch is new, and the gaps that end with it.

        Args:
            batch: records in the order in which they came.
            healed: tells which trades are there already though the stream never brought them.
        """
        gaps: list[Gap] = []
        is_new = np.zeros(batch.num_rows, dtype=np.bool_)
        for symbol, chain in chains(batch, self._dataset):
            for fresh in self._fresh(symbol, chain, healed):
                is_new[fresh.rows] = True
                gaps += self._follow(symbol, fresh)
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

    def _fresh(self, symbol: str, chain: Chain, healed: Healed) -> Iterator[Chain]:
        """What is new, in one piece unless ids begin anew; each is followed before the next."""
        standing = self.standings.setdefault(symbol, Standing())
        while len(chain):
            is_fresh = standing.fresh(chain)
            if is_fresh.all():
                yield chain
                return
            here = healed(symbol) if self._are_trades else range(0)
            end = standing.renumbered_at(chain, is_fresh, here)
            if is_fresh[:end].any():
                yield chain.take(np.flatnonzero(is_fresh[:end]))
            if len(chain := chain.take(slice(end, None))):
                standing.begin_anew()

    def _follow(self, symbol: str, chain: Chain) -> Iterator[Gap]:
        standing = self.standings[symbol]
        ids, previous, received = chain.ids, chain.previous, chain.received
        if standing.reason is not None:
            yield self._boundary(symbol, standing, int(previous[0]), int(received[0]))
        elif not self._is_partial and previous[0] > (standing.last_id or 0):
            yield self._missing(symbol, standing, int(previous[0]), int(received[0]))
        for at in () if self._is_partial else np.flatnonzero(previous[1:] > ids[:-1]):
            before = Standing(int(ids[at]), int(received[at]), reason=Reason.MISSING)
            yield self._missing(symbol, before, int(previous[at + 1]), int(received[at + 1]))
        standing.last_id, standing.last_at = int(ids[-1]), int(received[-1])
        standing.last_time, standing.reason = int(chain.times[-1]), None

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
