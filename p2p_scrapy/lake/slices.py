"""A day's ads in slices that fit into memory, each sorted by ad and time.

A slice is a range of ads, picked out of every snapshot. To read the snapshots once a slice takes
minutes a day, but neither memory nor disk, and leaves nothing behind if it is killed.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from items import AD_SCHEMA
from p2p_scrapy.lake.day import Snapshot

SLICE_ROWS = 400_000
"""About so many rows are in memory at a time; one takes 600 bytes, a third more while sorted."""
_SAMPLED = 64
"""One in so many rows tells where to cut, so that slices are of like size."""
_AD = ("venue", "fiat", "asset", "trade_type", "adv_no")

_Order: TypeAlias = list[tuple[str, Literal["ascending", "descending"]]]
_BY_AD_AND_TIME: _Order = [(key, "ascending") for key in ("ad", "fetched_at", "observed_at")]

Tick: TypeAlias = Callable[[], object]
"""Called when a snapshot was read."""
Range: TypeAlias = tuple[str | None, str | None]
"""Ads from the first on and before the second; None where nothing bounds them."""


def count(rows: int) -> int:
    """How many slices so many rows are cut into."""
    return max(1, -(-rows // SLICE_ROWS))


def cut(snapshots: Sequence[Snapshot], slices: int, tick: Tick) -> list[Range]:
    """Ranges that together hold every ad, each with about as many rows and none with no row.

    Raises:
        SourceError: a snapshot cannot be read.
    """
    sample: list[Any] = []
    for snapshot in snapshots:
        sample += _names(snapshot.read(_AD)).to_pylist()[::_SAMPLED]
        tick()
    sample.sort()
    bounds = {sample[len(sample) * at // slices] for at in range(1, slices)}
    return list(pairwise([None, *sorted(bounds.difference(sample[:1])), None]))


def read(snapshots: Sequence[Snapshot], ads: Range, tick: Tick) -> pa.Table:
    """Every row of these ads, sorted by ad, then time.

    Raises:
        SourceError: a snapshot cannot be read.
    """
    columns = _gather(snapshots, ads, tick)
    order = _order(pa.Table.from_arrays(columns, schema=AD_SCHEMA))
    for at, column in enumerate(columns):  # one after the other: there is no room for two tables
        columns[at] = pa.chunked_array([column.combine_chunks().take(order)])
    return pa.Table.from_arrays(columns, schema=AD_SCHEMA)


def _gather(snapshots: Sequence[Snapshot], ads: Range, tick: Tick) -> list[Any]:
    pieces = [AD_SCHEMA.empty_table()]
    for snapshot in snapshots:
        table = snapshot.read()
        pieces.append(table.filter(_within(_names(table), ads)))
        tick()
    return pa.concat_tables(pieces).columns


def _names(table: pa.Table) -> Any:
    """A name an ad, which sorts by market, then number; what is null counts as empty."""
    parts: list[Any] = [*(table[name] for name in _AD), "\0"]
    return pc.binary_join_element_wise(*parts, null_handling="replace", null_replacement="")


def _within(names: Any, ads: Range) -> Any:
    low, high = ads
    from_low = pc.greater_equal(names, pa.scalar(low or ""))
    return from_low if high is None else pc.and_(from_low, pc.less(names, pa.scalar(high)))


def _order(table: pa.Table) -> pa.UInt64Array:
    keys = table.select(["fetched_at", "observed_at"]).append_column("ad", _names(table))
    return pc.sort_indices(keys, sort_keys=_BY_AD_AND_TIME)
