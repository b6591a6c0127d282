"""Books at moments, on their way to columns."""

from typing import Any

import pyarrow as pa

from items.futures import BOOK_SCHEMA, LEVEL, LEVELS, PRICE, QUANTITY
from p2p_scrapy.futures.book.book import Book
from p2p_scrapy.futures.book.ladder import Ladder
from p2p_scrapy.futures.scaled import decimals


class BookRows:
    """Rows of BOOK_SCHEMA with the best ``levels`` of each side."""

    def __init__(self, levels: int) -> None:
        self._levels = levels
        self._symbols: list[str] = []
        self._ids: list[int] = []
        self._transaction_ms: list[int] = []
        self._received_us: list[int] = []
        self._bids = _SideRows()
        self._asks = _SideRows()

    def add(self, book: Book) -> None:
        """Note the book as it is now."""
        self._symbols.append(book.symbol)
        self._ids.append(book.last_id)
        self._transaction_ms.append(book.transaction_ms)
        self._received_us.append(book.received_us)
        self._bids.add(book.bids, self._levels)
        self._asks.add(book.asks, self._levels)

    def batch(self) -> pa.RecordBatch:
        """All rows noted so far."""
        columns = [
            pa.array(self._symbols, pa.string()).dictionary_encode(),
            pa.array(self._ids, pa.int64()),
            pa.array(self._transaction_ms, pa.int64()),
            self._bids.levels(),
            self._asks.levels(),
            self._bids.edges(),
            self._asks.edges(),
            pa.array(self._received_us, pa.int64()),
        ]
        typed = [column.cast(kind) for column, kind in zip(columns, BOOK_SCHEMA.types, strict=True)]
        return pa.RecordBatch.from_arrays(typed, schema=BOOK_SCHEMA)


class _SideRows:
    """The levels of one side in row after row, and where its known range ends."""

    def __init__(self) -> None:
        self._ends = [0]
        self._prices: list[int] = []
        self._quantities: list[int] = []
        self._edges: list[int | None] = []

    def add(self, side: Ladder, levels: int) -> None:
        best = side.best(levels)
        self._prices += best.prices
        self._quantities += best.quantities
        self._ends.append(len(self._prices))
        self._edges.append(side.edge)

    def levels(self) -> "pa.Array[Any]":
        values = pa.StructArray.from_arrays(
            [decimals(self._prices, PRICE), decimals(self._quantities, QUANTITY)],
            fields=list(LEVEL),
        )
        return pa.ListArray.from_arrays(pa.array(self._ends, pa.int32()), values, type=LEVELS)

    def edges(self) -> "pa.Array[Any]":
        return decimals(self._edges, PRICE)
