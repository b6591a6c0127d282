"""The rules that compare rows with their file's place, and their times with each other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from items import Side
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.lake_file import LakeFile
from p2p_scrapy.lake.inspection.rule import Condition, Rule

_Column: TypeAlias = "pa.ChunkedArray[Any]"

_NONE, _NO_OTHER = pa.scalar("none"), pa.scalar("no other")
"""What a null stands for when texts are compared: it agrees with nothing, not even a null."""


def place_rules(file: LakeFile) -> Iterator[Rule]:
    """The rules for the rows of one snapshot, as far as its place says something."""
    yield _side_rule(file.side)
    yield Rule(
        catalogue.BATCH_TIME,
        "snapshot_id is not fetched_at with trade_type",
        ("snapshot_id", "fetched_at", "trade_type"),
        _other_id,
    )
    yield Rule(
        catalogue.BATCH_TIME,
        "fetched_date is not the day of fetched_at",
        ("fetched_date", "fetched_at"),
        lambda rows: _differ(rows["fetched_date"], _text(rows["fetched_at"], "%Y-%m-%d")),
    )
    if file.started_at:
        yield _between_rule("file's name", file.started_at, timedelta(seconds=1))
    else:
        yield _one_moment_rule()
    if file.day:
        day = datetime.combine(file.day, datetime.min.time(), UTC)
        yield _between_rule("folder", day, timedelta(days=1))


def _side_rule(side: Side | None) -> Rule:
    needs = ("trade_type",)
    if side:
        what = f"trade_type is not {side}, which the folder is for"
        return Rule(catalogue.TRADE_TYPE, what, needs, _other_than("trade_type", side.value))
    what = "trade_type is not that of the first row, or neither BUY nor SELL"
    return Rule(catalogue.TRADE_TYPE, what, needs, _other_side)


def _other_side(rows: pa.Table) -> Condition:
    first = rows["trade_type"][0].as_py()
    unknown = ~pc.field("trade_type").isin(list(Side))
    return _other_than("trade_type", first) | unknown


def _between_rule(place: str, start: datetime, length: timedelta) -> Rule:
    at = pc.field("fetched_at")
    within = (at >= start) & (at < start + length)
    what = f"fetched_at is not the time in the {place}"
    return Rule(catalogue.BATCH_TIME, what, ("fetched_at",), ~within | at.is_null())


def _one_moment_rule() -> Rule:
    return Rule(
        catalogue.BATCH_TIME,
        "fetched_at is not that of the first row",
        ("fetched_at",),
        lambda rows: _other_than("fetched_at", rows["fetched_at"][0]),
    )


def _other_than(column: str, due: object) -> pc.Expression:
    return (pc.field(column) != due) | pc.field(column).is_null()


def _other_id(rows: pa.Table) -> Condition:
    stamp = _text(rows["fetched_at"], "%Y%m%dT%H%M%SZ_")
    due = pc.binary_join_element_wise(stamp, rows["trade_type"], "")  # type: ignore[call-overload]
    return _differ(rows["snapshot_id"], due)


def _differ(texts: _Column, due: _Column) -> Condition:
    return pc.not_equal(texts.fill_null(_NONE), due.fill_null(_NO_OTHER))


def _text(moments: _Column, pattern: str) -> _Column:
    """Moments as text, to the second: the few different ones are written, not every row's."""
    encoded: Any = moments.combine_chunks().dictionary_encode()
    seconds = pc.floor_temporal(encoded.dictionary, unit="second").cast(pa.timestamp("s"))
    return pa.chunked_array([pc.strftime(seconds, pattern).take(encoded.indices)])
