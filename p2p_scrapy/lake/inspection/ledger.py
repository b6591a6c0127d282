"""The ledger: whether its sweeps prove what they claim, and whether the snapshots agree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import pyarrow as pa
import pyarrow.compute as pc

from items import SWEEP_SCHEMA, Market, Side, Verdict
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.book import Book
from p2p_scrapy.lake.inspection.check import Check
from p2p_scrapy.lake.inspection.columns import inspect_ledger_columns, sound_columns
from p2p_scrapy.lake.inspection.finding import NAMED, Finding, Row, Tallies
from p2p_scrapy.lake.inspection.lake_file import LakeFile
from p2p_scrapy.lake.inspection.rule import Rule, apply_rules, numbered
from p2p_scrapy.lake.inspection.snapshot import Snapshot
from p2p_scrapy.lake.inspection.wording import span

_COUNTED = ("asset", "fiat", "side", "unique", "refused")
_NO_SWEEP = catalogue.LEDGER_MARKETS, "no sweep in the ledger read the market"
_FEWER = catalogue.LEDGER_ROWS, "the snapshot holds fewer natural rows than counted"
_MORE = catalogue.LEDGER_ROWS, "the snapshot holds more natural rows than counted"


@dataclass(slots=True)
class _Swept:
    """What the sweeps of one market counted: one sweep as a rule, and the row of the first."""

    row: int
    unique: int = 0
    least: float = inf

    def add(self, unique: int, refused: int) -> None:
        self.unique += unique
        self.least = min(self.least, unique - refused)


_Sweeps = Mapping[Market, _Swept]
_Books = Mapping[Market, Book]


def inspect_ledger(
    file: LakeFile, table: pa.Table, snapshots: Iterable[Snapshot], tallies: Tallies
) -> None:
    """Check a ledger by itself, and the snapshots of the same batch against it."""
    inspect_ledger_columns(file.path, table.schema, tallies)
    sound = sound_columns(table.schema, SWEEP_SCHEMA)
    is_sample = file.home is not None and file.home.name == "samples"
    rule = _PROOF_OF_SAMPLE if is_sample else _PROOF
    apply_rules([rule], file.path, numbered(table, sound), tallies)
    if not sound.issuperset(_COUNTED):
        return
    swept = _swept(table)
    for snapshot in snapshots:
        if snapshot.books is not None:
            unswept = _unswept(swept, snapshot.books)
            tallies.record(catalogue.LEDGER_MARKETS, _found(_NO_SWEEP, snapshot.file, unswept))
            of_side = {market: swept[market] for market in swept if market.side is snapshot.side}
            tallies.record(catalogue.LEDGER_ROWS, _compared(file, of_side, snapshot.books))


_PAGE_ROWS = 20
"""Natural ads on a full page (rows: at most 20)."""
_last = pc.field("total_last")
_stood_still = (pc.field("total_first") == _last) & (pc.field("duplicates") == 0)
_COLUMNS = ("asset", "fiat", "side", "verdict", "unique", "total_first", "total_last", "duplicates")


def _unproved(proof: pc.Expression) -> pc.Expression:
    # A count that is null proves nothing either.
    return (pc.field("verdict") == str(Verdict.COMPLETE)) & (proof.is_null() | ~proof)


_PROOF = Rule(
    catalogue.LEDGER_PROOF,
    "complete, yet unique, total_first and total_last differ, or duplicates is not 0",
    _COLUMNS,
    _unproved(_stood_still & (pc.field("unique") == _last)),
)
_PROOF_OF_SAMPLE = Rule(  # of a book that was asked for no further pages, as much as these hold
    catalogue.LEDGER_PROOF,
    "complete, yet total_first and total_last differ, duplicates is not 0, or unique is neither"
    " total_last nor as many as its pages hold",
    (*_COLUMNS, "pages"),
    _unproved(
        _stood_still
        & ((pc.field("unique") == _last) | (pc.field("unique") == pc.field("pages") * _PAGE_ROWS))
    ),
)


def _swept(table: pa.Table) -> dict[Market, _Swept]:
    swept: dict[Market, _Swept] = {}
    for number, row in enumerate(table.select(_COUNTED).to_pylist()):
        if row["side"] in list(Side):
            market = Market(str(row["asset"]), str(row["fiat"]), Side(row["side"]))
            sweep = swept.setdefault(market, _Swept(number))
            sweep.add(row["unique"] or 0, row["refused"] or 0)
    return swept


def _unswept(swept: _Sweeps, books: _Books) -> list[Row]:
    return [
        Row(None, f"{market}, {book.ads:,} rows")
        for market, book in books.items()
        if market not in swept
    ]


def _compared(file: LakeFile, swept: _Sweeps, books: _Books) -> Iterator[Finding]:
    fewer, more = [], []
    for market, sweep in swept.items():
        natural = books[market].natural if market in books else 0
        row = Row(sweep.row, f"{market}, {natural:,} for {span(int(sweep.least), sweep.unique)}")
        if natural < sweep.least:
            fewer.append(row)
        elif natural > sweep.unique:
            more.append(row)
    yield from _found(_FEWER, file, fewer)
    yield from _found(_MORE, file, more)


def _found(what: tuple[Check, str], file: LakeFile, rows: list[Row]) -> Iterator[Finding]:
    check, text = what
    if rows:
        yield Finding(check, file.path, text, len(rows), tuple(rows[:NAMED]))
