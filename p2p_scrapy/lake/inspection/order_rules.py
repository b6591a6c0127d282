"""The rules that look at rows next to each other: their order, and ads that come again."""

from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.rule import ROW, Condition, Rule

_LAST_RANK = pa.scalar(2**63 - 1)
_LAST_TEXT = pa.scalar("\U0010ffff")
"""Nulls come last, so they stand for the greatest value there is."""

_Column: TypeAlias = "pa.ChunkedArray[Any]"


def _out_of_order(rows: pa.Table) -> Condition:
    """The rows that belong before the row above them."""
    wrong = _steps_back(rows["rank"].fill_null(_LAST_RANK))
    for name in ("asset", "fiat"):
        column = rows[name].fill_null(_LAST_TEXT)
        wrong = pc.or_(_steps_back(column), pc.and_(_stays(column), wrong))
    late = rows[ROW][1:].filter(wrong)
    return pc.field(ROW).isin(late.combine_chunks())


def _steps_back(column: _Column) -> pa.BooleanArray:
    return pc.less(column[1:], column[:-1])


def _stays(column: _Column) -> pa.BooleanArray:
    return pc.equal(column[1:], column[:-1])


def _comes_again(rows: pa.Table) -> Condition:
    """Every row of an ad but its first; rows that do not name their ad are another rule's."""
    first = rows.group_by("adv_no").aggregate([(ROW, "min")])[f"{ROW}_min"]
    return ~pc.field(ROW).isin(first.combine_chunks()) & (pc.field("adv_no") != "")


ORDER_RULES: tuple[Rule, ...] = (
    Rule(
        catalogue.ROW_ORDER,
        "row belongs before the one above it",
        ("fiat", "asset", "rank"),
        _out_of_order,
    ),
    Rule(catalogue.REPEATED_ADS, "adv_no is there already", ("adv_no",), _comes_again),
)
