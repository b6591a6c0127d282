"""Columns as they are against columns as they should be."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from items import AD_COLUMNS, AD_SCHEMA, CONTRACT_COLUMNS, SCHEMA_VERSION, SWEEP_SCHEMA
from p2p_scrapy.lake.inspection import catalogue
from p2p_scrapy.lake.inspection.check import Check
from p2p_scrapy.lake.inspection.finding import Finding, Tallies


def inspect_contract(path: Path, schema: pa.Schema, tallies: Tallies) -> None:
    """Check the 23 columns that every file of ads begins with."""
    _record(catalogue.CONTRACT, path, _contract_faults(schema), tallies)


def inspect_columns(path: Path, schema: pa.Schema, tallies: Tallies) -> None:
    """Check all columns of a snapshot, and its schema version."""
    inspect_contract(path, schema, tallies)
    further = AD_COLUMNS[len(CONTRACT_COLUMNS) :]
    _record(catalogue.OWN_COLUMNS, path, column_faults(schema, AD_SCHEMA, further), tallies)
    _record(catalogue.SCHEMA_VERSION_KNOWN, path, version_faults(schema), tallies)


def inspect_ledger_columns(path: Path, schema: pa.Schema, tallies: Tallies) -> None:
    """Check the columns of a ledger, and its schema version."""
    _record(catalogue.LEDGER_COLUMNS, path, column_faults(schema, SWEEP_SCHEMA), tallies)
    _record(catalogue.SCHEMA_VERSION_KNOWN, path, version_faults(schema), tallies)


def _record(check: Check, path: Path, faults: Iterable[str], tallies: Tallies) -> None:
    tallies.record(check, (Finding(check, path, what) for what in faults))


def _contract_faults(schema: pa.Schema) -> Iterator[str]:
    faults = list(column_faults(schema, AD_SCHEMA, CONTRACT_COLUMNS))
    yield from faults
    if any(fault.startswith("missing") for fault in faults):
        return  # every later column has moved: that says nothing more
    for place, (is_, due) in enumerate(zip(schema.names, CONTRACT_COLUMNS, strict=False), start=1):
        if is_ != due:
            yield f"column {place} is {is_}, it should be {due}"
            return


def column_faults(
    schema: pa.Schema, expected: pa.Schema, columns: Iterable[str] | None = None
) -> Iterator[str]:
    """What is wrong with some columns of ``expected`` (all of them by default), in any order."""
    names = tuple(expected.names if columns is None else columns)
    missing = [name for name in names if name not in schema.names]
    if missing:
        yield f"missing: {', '.join(missing)}"
    for name in names:
        if schema.names.count(name) > 1:
            yield f"{name} is there more than once"
        elif name in schema.names and schema.field(name).type != expected.field(name).type:
            yield f"{name} is {schema.field(name).type}, it should be {expected.field(name).type}"


def sound_columns(schema: pa.Schema, expected: pa.Schema) -> frozenset[str]:
    """The columns that can be relied on: there once, with the expected type."""
    return frozenset(
        name for name in expected.names if not any(column_faults(schema, expected, (name,)))
    )


def version_faults(schema: pa.Schema) -> Iterator[str]:
    """What is wrong with the schema version, if anything is."""
    written = (schema.metadata or {}).get(b"schema_version")
    if written is None:
        yield "no schema version in the file"
    elif written != SCHEMA_VERSION.encode():
        version = written.decode(errors="replace")
        yield f"schema version {version}; this program knows {SCHEMA_VERSION}"
