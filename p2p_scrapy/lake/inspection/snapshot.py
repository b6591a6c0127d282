"""One file of ads: everything that it can tell by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa

from items import AD_SCHEMA, Market, Side
from p2p_scrapy.lake.inspection.book import NEEDS, Book, read_books
from p2p_scrapy.lake.inspection.columns import inspect_columns, sound_columns
from p2p_scrapy.lake.inspection.finding import Tallies
from p2p_scrapy.lake.inspection.lake_file import LakeFile
from p2p_scrapy.lake.inspection.order_rules import ORDER_RULES
from p2p_scrapy.lake.inspection.people import People, read_people
from p2p_scrapy.lake.inspection.place_rules import place_rules
from p2p_scrapy.lake.inspection.row_rules import ROW_RULES
from p2p_scrapy.lake.inspection.rule import apply_rules, numbered


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one snapshot tells to the report.

    Attributes:
        file: where it is.
        side: of its folder, else of its first row; None where neither tells.
        fetched_at: the batch's start by its first row, else by its name, to the second, UTC.
        ads: its rows.
        books: its markets; None where the columns for it are not there.
        people: its advertisers and their payment methods.
    """

    file: LakeFile
    side: Side | None
    fetched_at: datetime | None
    ads: int
    books: Mapping[Market, Book] | None
    people: People = field(default_factory=People)


def inspect_snapshot(file: LakeFile, table: pa.Table, tallies: Tallies) -> Snapshot:
    """Put every check of a single snapshot to it."""
    inspect_columns(file.path, table.schema, tallies)
    sound = sound_columns(table.schema, AD_SCHEMA)
    rules = (*ROW_RULES, *ORDER_RULES, *place_rules(file))
    apply_rules(rules, file.path, numbered(table, sound), tallies)
    side = file.side or _side(table, sound)
    return Snapshot(
        file,
        side,
        _fetched_at(table, sound) or file.started_at,
        table.num_rows,
        read_books(table, side) if side and sound.issuperset(NEEDS) else None,
        read_people(table, sound),
    )


def _side(table: pa.Table, sound: frozenset[str]) -> Side | None:
    if "trade_type" not in sound or not table.num_rows:
        return None
    first = table["trade_type"][0].as_py()
    return Side(first) if first in list(Side) else None


def _fetched_at(table: pa.Table, sound: frozenset[str]) -> datetime | None:
    if "fetched_at" not in sound or not table.num_rows:
        return None
    micros = table["fetched_at"][0].cast(pa.int64()).as_py()
    try:
        return datetime.fromtimestamp(micros // 1_000_000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None  # null, or a year that no calendar has; the time check names it
