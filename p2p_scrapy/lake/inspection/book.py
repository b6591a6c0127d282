"""The figures of the books in one snapshot."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from items import Market, Side

_Column: TypeAlias = "pa.ChunkedArray[Any]"

NEEDS = ("asset", "fiat", "price", "rank")
"""The columns that the figures are taken from."""
_MARKET = ("fiat", "asset")


@dataclass(frozen=True, slots=True)
class Book:
    """One market in one snapshot; prices in fiat for one unit of the asset.

    Attributes:
        ads: all rows, natural and promoted.
        natural: rows with a rank.
        low: the lowest price of all rows; None where no row has a price.
        high: the highest.
        median: the middle one, or the mean of the two in the middle.
        best: the highest natural bid, or the lowest natural ask; None without a natural row.
    """

    ads: int
    natural: int
    low: float | None
    high: float | None
    median: float | None
    best: float | None


def read_books(table: pa.Table, side: Side) -> dict[Market, Book]:
    """The books of a snapshot of one side; rows without a price count as ads only."""
    rows = _by_price(table)
    best = _best(rows, side)
    counts = _by_market(rows).aggregate([("price", "count"), ("rank", "count"), ([], "count_all")])
    books, start = {}, 0
    for row in _in_order(counts, *_MARKET).to_pylist():  # groups come in no order of their own
        prices = rows["price"][start : start + row["price_count"]]  # nulls are sorted last
        start += row["count_all"]
        market = Market(str(row["asset"]), str(row["fiat"]), side)
        books[market] = _book(row["count_all"], row["rank_count"], prices, best.get(market))
    return books


def _best(rows: pa.Table, side: Side) -> dict[Market, float]:
    natural = rows.filter(pc.is_valid(rows["rank"]))
    extremes = _by_market(natural).aggregate([("price", "min_max")]).to_pylist()
    extreme = "max" if side is Side.BUY else "min"
    return {
        Market(str(row["asset"]), str(row["fiat"]), side): row["price_min_max"][extreme]
        for row in extremes
    }


def _by_price(table: pa.Table) -> pa.Table:
    rows = table.select(NEEDS)
    price = pc.if_else(pc.is_finite(rows["price"]), rows["price"], None)
    rows = rows.set_column(rows.schema.names.index("price"), "price", price)
    return _in_order(rows, *_MARKET, "price")


def _in_order(table: pa.Table, *names: str) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in names])


def _by_market(rows: pa.Table) -> pa.TableGroupBy:
    return rows.group_by(list(_MARKET))


def _book(ads: int, natural: int, prices: _Column, best: float | None) -> Book:
    count = len(prices)
    if not count:
        return Book(ads, natural, None, None, None, best)
    low, below, above, high = (
        prices[place].as_py() for place in (0, (count - 1) // 2, count // 2, count - 1)
    )
    return Book(ads, natural, low, high, (below + above) / 2, best)
