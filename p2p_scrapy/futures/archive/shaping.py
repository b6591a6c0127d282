"""The CSV's columns as the lake's: the symbol in front, milliseconds as times, all of it exact."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from p2p_scrapy.futures.archive.errors import ContentError

_LEAST, _MOST = 10**12, 10**13 - 1
"""Milliseconds since 1970 have 13 digits from 2001 to 2286; spot files have 16 since 2025."""


def shaped(table: pa.Table, first: int, schema: pa.Schema, symbol: str) -> pa.Table:
    """A table of the schema, whose first column is the symbol.

    Args:
        table: the CSV's columns.
        first: the number of the first row.
        schema: the lake's columns.
        symbol: what all rows are of.

    Raises:
        ContentError: a time is not in milliseconds, or a number does not fit its column.
    """
    one = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(table.num_rows, np.int32), pa.int32()), pa.array([symbol])
    )
    columns = []
    for field in list(schema)[1:]:
        column, kind = table[field.name], field.type
        if pa.types.is_timestamp(kind):
            _prove(column, (_LEAST, _MOST), first, f"{field.name} is not in milliseconds")
        elif pa.types.is_decimal(kind):  # Arrow's reader looks at the scale, not at the precision
            most = Decimal(10**kind.precision - 1).scaleb(-kind.scale)
            _prove(column, (-most, most), first, f"{field.name} does not fit {kind}")
        columns.append(column.cast(kind))
    return pa.table([one, *columns], schema=schema)


def _prove(
    column: "pa.ChunkedArray[Any]", bounds: tuple[Any, Any], first: int, trouble: str
) -> None:
    """Refuse a column that has a value out of bounds, by the row of it."""
    ends = pc.min_max(column)
    for end in (ends["min"], ends["max"]):
        value = end.as_py()
        if value is not None and not bounds[0] <= value <= bounds[1]:
            row = first + pc.index(column, end).as_py()
            raise ContentError(f"row {row} cannot be read: {trouble}: {value}")
