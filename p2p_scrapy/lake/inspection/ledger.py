"""The ledger: whether its sweeps prove what they claim, and whether the snapshots agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import pyarrow as pa
import pyarrow.compute as pc

from items import SWEEP_SCHEMA, Market, Side, Verdict
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.book import Book
from p2p_scrapy.lake.inspection.columns import inspect_ledger_columns, sound_columns
from p2p_scrapy.lake.inspection.finding import NAMED, Finding, Row, Tallies
from p2p_scrapy.lake.inspection.lake_file import LakeFile
from p2p_scrapy.lake.inspection.rule import Rule, apply_rules, numbered
from p2p_scrapy.lake.inspection.snapshot import Snapshot

_COUNTED = ("asset", "fiat", "side", "unique", "refused")


@dataclass(slots=True)
class _Swept:
    """What the sweeps of one market counted: one sweep as a rule, and the row of the first."""

    row: int
    unique: int = 0
    least: float = inf

    def add(self, unique: int, refused: int) -> None:
        self.unique += unique
        self.least = min(self.least, unique - refused)


def inspect_ledger(
    file: LakeFile, table: pa.Table, snapshots: Iterable[Snapshot], tallies: Tallies
) -> None:
    """Check a ledger by itself, and the snapshots of the same batch against it."""
    inspect_ledger_columns(file.path, table.schema, tallies)
    sound = sound_columns(table.schema, SWEEP_SCHEMA)
    apply_rules([_PROOF], file.path, numbered(table, sound), tallies)
    if not sound.issuperset(_COUNTED):
        return
    swept = _swept(table)
    for snapshot in snapshots:
        if snapshot.books is not None and snapshot.side:
            found = _compared(file, swept, snapshot.books, snapshot.side)
            tallies.record(catalogue.LEDGER_ROWS, found)


_last = pc.field("total_last")
_proved = ((pc.field("total_first") == _last) & (pc.field("unique") == _last)) & (
    pc.field("duplicates") == 0
)

_PROOF = Rule(
    catalogue.LEDGER_PROOF,
    "complete, yet unique, total_first and total_last differ, or duplicates is not 0",
    ("asset", "fiat", "side", "verdict", "unique", "total_first", "total_last", "duplicates"),
    # A count that is null proves nothing either.
    (pc.field("verdict") == str(Verdict.COMPLETE)) & (_proved.is_null() | ~_proved),
)


def _swept(table: pa.Table) -> dict[Market, _Swept]:
    swept: dict[Market, _Swept] = {}
    for number, row in enumerate(table.select(_COUNTED).to_pylist()):
        if row["side"] in list(Side):
            market = Market(str(row["asset"]), str(row["fiat"]), Side(row["side"]))
            sweep = swept.setdefault(market, _Swept(number))
            sweep.add(row["unique"] or 0, row["refused"] or 0)
    return swept


def _compared(
    file: LakeFile, swept: Mapping[Market, _Swept], books: Mapping[Market, Book], side: Side
) -> Iterator[Finding]:
    """One finding for each way in which markets and sweeps differ."""
    ways: dict[str, list[Row]] = {}
    for market in sorted({*books, *(market for market in swept if market.side is side)}):
        sweep, book = swept.get(market), books.get(market)
        natural = book.natural if book else 0
        if sweep is None:
            row = Row(None, f"{market}, {books[market].ads:,} rows")
            ways.setdefault("the snapshot has a market that no sweep read", []).append(row)
        elif not sweep.least <= natural <= sweep.unique:
            way = "more" if natural > sweep.unique else "fewer"
            row = Row(sweep.row, f"{market}, {natural:,} for {sweep.least:,} to {sweep.unique:,}")
            ways.setdefault(f"{way} natural rows in the snapshot than counted", []).append(row)
    for what, rows in ways.items():
        yield Finding(catalogue.LEDGER_ROWS, file.path, what, len(rows), tuple(rows[:NAMED]))
