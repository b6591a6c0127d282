"""What the project knows about USD-M futures: the columns of every record, live and archived.

Records travel as Arrow batches, never as objects: an object costs more than the record itself.
Meanings, sources and the cost of the decimal widths: docs/futures-columns.md.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import get_type_hints

import pyarrow as pa

from items.schema import arrow_type

FUTURES_SCHEMA_VERSION = "1"
"""Written into every futures file; a reader that meets another one knows what it has before it."""

PRICE = pa.decimal128(18, 8)
"""Ten digits before the point, eight after it, where the finest tick of today has seven."""
QUANTITY = pa.decimal128(18, 6)
"""Twelve digits before the point, since one level of a cheap coin may hold 10 thousand million of
it; six after it, where the finest step of the recordings has four. Both widths are 64-bit integers
on disk, and their product is still a decimal128: Arrow multiplies them without a cast."""
VOLUME = pa.decimal128(28, 8)
"""Sums of quantities, and of prices times quantities, over up to a month."""

SYMBOL = pa.dictionary(pa.int32(), pa.string())
"""What readers make of a folder's ``symbol=S`` as well: a column of both must have one type."""
EXCHANGE_TIME = pa.timestamp("ms", tz="UTC")
OUR_TIME = pa.timestamp("us", tz="UTC")

LEVEL = pa.struct([("price", PRICE), ("quantity", QUANTITY)])
LEVELS = pa.list_(pa.field("element", LEVEL))
"""Parquet's own name of what is in a list, so that what is read equals what was written."""


class Dataset(StrEnum):
    """What a stream leaves: a folder below ``raw/stream/`` each, and the start of its files."""

    TRADES = "trades"
    DEPTH = "depth"
    DIFFS = "diffs"
    BOOK = "book"
    GAPS = "gaps"


@dataclass(slots=True)
class Gap:
    """Records of one stream that were not received, or a boundary behind which none is missing.

    For trades ``from_id`` and ``to_id`` are the first and the last missing aggregate trade. For
    diffs they are the last update that was seen and the one that the next event follows. None where
    ids do not tell. ``started_at`` and ``ended_at`` are our clock, UTC: the last record before and
    the first one after; ``healed`` says that what was missing has been stored after all.
    """

    stream: str
    symbol: str
    from_id: int | None
    to_id: int | None
    started_at: datetime
    ended_at: datetime | None
    reason: str
    healed: bool


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema(columns, metadata={"schema_version": FUTURES_SCHEMA_VERSION})


_ARCHIVED_TRADE: list[tuple[str, pa.DataType]] = [
    ("symbol", SYMBOL),
    ("agg_trade_id", pa.int64()),
    ("price", PRICE),
    ("quantity", QUANTITY),
    ("first_trade_id", pa.int64()),
    ("last_trade_id", pa.int64()),
    ("transact_time", EXCHANGE_TIME),
    ("is_buyer_maker", pa.bool_()),
]
ARCHIVE_TRADE_SCHEMA = _schema(*_ARCHIVED_TRADE)
"""An aggregate trade of the archive: the columns that a live one has too, and no more."""
TRADE_SCHEMA = _schema(
    *_ARCHIVED_TRADE,
    ("event_time", EXCHANGE_TIME),
    ("normal_quantity", QUANTITY),
    ("received_at", OUR_TIME),
)
"""An aggregate trade of a stream; of one healed by REST ``event_time`` is null."""

DEPTH_SCHEMA = _schema(
    ("symbol", SYMBOL),
    ("event_time", EXCHANGE_TIME),
    ("transaction_time", EXCHANGE_TIME),
    ("first_update_id", pa.int64()),
    ("final_update_id", pa.int64()),
    ("previous_final_update_id", pa.int64()),
    ("bids", LEVELS),
    ("asks", LEVELS),
    ("received_at", OUR_TIME),
)
"""A partial book (depth) or a change of the book (diffs): the exchange gives both one shape."""

BOOK_SCHEMA = _schema(
    ("symbol", SYMBOL),
    ("final_update_id", pa.int64()),
    ("transaction_time", EXCHANGE_TIME),
    ("bids", LEVELS),
    ("asks", LEVELS),
    ("known_low", PRICE),
    ("known_high", PRICE),
    ("received_at", OUR_TIME),
)
"""The local book after an update, best levels first; a null bound: that side is known whole."""

KLINE_SCHEMA = _schema(
    ("symbol", SYMBOL),
    ("open_time", EXCHANGE_TIME),
    ("open", PRICE),
    ("high", PRICE),
    ("low", PRICE),
    ("close", PRICE),
    ("volume", VOLUME),
    ("close_time", EXCHANGE_TIME),
    ("quote_volume", VOLUME),
    ("count", pa.int64()),
    ("taker_buy_volume", VOLUME),
    ("taker_buy_quote_volume", VOLUME),
)
"""A candle of the archive, without its column ``ignore``."""


def _gap_columns() -> list[tuple[str, pa.DataType]]:
    hints = get_type_hints(Gap)
    types = {field.name: arrow_type(hints[field.name]) for field in fields(Gap)}
    return list((types | {"symbol": SYMBOL}).items())


GAP_SCHEMA = _schema(*_gap_columns())

SCHEMAS: dict[Dataset, pa.Schema] = {
    Dataset.TRADES: TRADE_SCHEMA,
    Dataset.DEPTH: DEPTH_SCHEMA,
    Dataset.DIFFS: DEPTH_SCHEMA,
    Dataset.BOOK: BOOK_SCHEMA,
    Dataset.GAPS: GAP_SCHEMA,
}
