"""What PostgreSQL cannot store is replaced, so that one odd ad never keeps a batch out."""

import pyarrow as pa

from p2p_scrapy.warehouse.staging.columns import lists_of
from p2p_scrapy.warehouse.staging.compute import Column, Values, pc
from p2p_scrapy.warehouse.zero_bytes import IN_ITS_PLACE, ZERO

_LIMITS = {
    "month_order_count": 2**31 - 1,
    "pay_time_limit_minutes": 2**31 - 1,
    "user_grade": 2**15 - 1,
    "vip_level": 2**15 - 1,
}
"""What the columns hold; a number beyond is none that the exchange means, and becomes null."""


def storable(table: pa.Table) -> pa.Table:
    """Ads or a ledger without zero bytes in texts and without numbers that no column holds."""
    for at, field in enumerate(table.schema):
        column = table.column(at)
        if field.name in _LIMITS:
            table = table.set_column(at, field, _limited(column, _LIMITS[field.name]))
        elif pa.types.is_string(field.type) and _has_zero(column):
            table = table.set_column(at, field, _replaced(column))
        elif pa.types.is_list(field.type) and _has_zero(lists_of(column).values):
            table = table.set_column(at, field, _replaced_within(column))
    return table


def _limited(column: Column, limit: int) -> Column:
    limited: Column = pc.if_else(pc.greater(pc.abs(column), limit), None, column)
    return limited


def _has_zero(texts: Column) -> bool:
    return bool(pc.any(pc.match_substring(texts, ZERO)).as_py())


def _replaced(texts: Column) -> Column:
    replaced: Column = pc.replace_substring(texts, ZERO, IN_ITS_PLACE)
    return replaced


def _replaced_within(column: Column) -> Values:
    lists = lists_of(column)
    values = pc.replace_substring(lists.values, ZERO, IN_ITS_PLACE)
    return pa.ListArray.from_arrays(lists.offsets, values, mask=pc.is_null(lists))
