"""Files read with a note that they could be, and the kinds of which nothing else is asked."""

from pathlib import Path

import pyarrow as pa

from items import AD_SCHEMA, SWEEP_SCHEMA
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.columns import (
    column_faults,
    inspect_contract,
    sound_columns,
    version_faults,
)
from p2p_scrapy.lake.inspection.finding import Finding, Tallies
from p2p_scrapy.lake.inspection.parquet import has_page_checksums, read_pieces, read_table
from p2p_scrapy.lake.inspection.row_rules import ROW_RULES
from p2p_scrapy.lake.inspection.rule import apply_rules, numbered

_FOLDERS = ("buy_ads", "sell_ads", "sweeps")


def verified_table(path: Path, tallies: Tallies) -> pa.Table:
    """Read a whole file and note that its bytes are sound.

    Raises:
        UnreadableFileError: they are not.
    """
    table = read_table(path)
    _note_sound(path, tallies)
    return table


def inspect_merged(path: Path, tallies: Tallies) -> None:
    """Check a daily merge, piece by piece: the contract's columns and the rules of single rows.

    Raises:
        UnreadableFileError: the file is damaged.
    """
    first_row = 0
    for piece in read_pieces(path):
        if first_row == 0:
            inspect_contract(path, piece.schema, tallies)
        sound = sound_columns(piece.schema, AD_SCHEMA)
        apply_rules(ROW_RULES, path, numbered(piece, sound, first_row), tallies)
        first_row += piece.num_rows
    _note_sound(path, tallies)


def inspect_schema_file(path: Path, tallies: Tallies) -> None:
    """Check a ``_schema.parquet``: every column, the version, and no row.

    Raises:
        UnreadableFileError: the file is damaged.
    """
    table = verified_table(path, tallies)
    of = next((parent.name for parent in path.parents if parent.name in _FOLDERS), None)
    expected = SWEEP_SCHEMA if of == "sweeps" else AD_SCHEMA
    faults = [*column_faults(table.schema, expected), *version_faults(table.schema)]
    if table.num_rows:
        faults.append(f"holds {table.num_rows:,} rows, it should be empty")
    check = catalogue.SCHEMA_FILES
    tallies.record(check, (Finding(check, path, what) for what in faults))


def _note_sound(path: Path, tallies: Tallies) -> None:
    tallies.record(catalogue.READABLE)
    tallies.record(catalogue.PAGE_CHECKSUMS)
    check, what = catalogue.CHECKSUMS_PRESENT, "was written without page checksums"
    tallies.record(check, [] if has_page_checksums(path) else [Finding(check, path, what)])
