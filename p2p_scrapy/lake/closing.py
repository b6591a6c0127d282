"""The one way a batch gets into the lake: from its journal, live or after a kill."""

import gzip
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from items import AD_COLUMNS, AD_SCHEMA, SWEEP_SCHEMA, BatchRecord, FileRecord, Side
from p2p_scrapy import journal
from p2p_scrapy.lake import manifest
from p2p_scrapy.lake.atomic import atomic
from p2p_scrapy.lake.columns import Columns
from p2p_scrapy.lake.parquet import write_schema, write_table
from p2p_scrapy.lake.paths import BatchPaths

_Order = list[tuple[str, Literal["ascending", "descending"]]]
_SIDE_AT = AD_COLUMNS.index("trade_type")
_BOOK_ORDER: _Order = [(name, "ascending") for name in ("fiat", "asset", "rank")]
_LEDGER_ORDER: _Order = [(name, "ascending") for name in ("fiat", "asset", "side")]


def close_batch(record: BatchRecord, paths: BatchPaths) -> BatchRecord:
    """Write what the journal holds, then the manifest, then let the journal go.

    Every step may be repeated: a kill in the middle leaves the journal, and the next start writes
    the same files again.

    Raises:
        OSError: the disk's trouble; the journal stays, and with it everything.
    """
    record.files = [
        *_write_books(paths),
        _write_ledger(paths),
        *_write_lines("refusal", paths, paths.rejected),
        *_write_lines("response", paths, paths.responses),
    ]
    manifest.write(record, paths.manifest)
    paths.journal.unlink()
    return record


def _write_books(paths: BatchPaths) -> Iterator[FileRecord]:
    """One side after the other: reading the journal twice costs less than holding both."""
    for side in Side:
        book = Columns(AD_SCHEMA)
        for kind, payload in journal.read(paths.journal):
            if kind == "ad" and payload[_SIDE_AT] == side:
                book.append(payload)
        path = paths.snapshot(side)
        rows = _write_sorted(book, path)
        write_schema(AD_SCHEMA, path.parent)
        yield manifest.describe(path, rows, paths.data_dir)


def _write_sorted(book: Columns, path: Path) -> int:
    table = _sorted(book.table(), _BOOK_ORDER)
    write_table(table, path)
    return table.num_rows


def _sorted(table: pa.Table, order: _Order) -> pa.Table:
    """What Table.sort_by does, without the query engine that it loads."""
    return table.take(pc.sort_indices(table, sort_keys=order))


def _write_ledger(paths: BatchPaths) -> FileRecord:
    sweeps = Columns(SWEEP_SCHEMA)
    for kind, payload in journal.read(paths.journal):
        if kind == "sweep":
            sweeps.append(payload)
    table = _sorted(sweeps.table(), _LEDGER_ORDER)
    write_table(table, paths.ledger)
    return manifest.describe(paths.ledger, table.num_rows, paths.data_dir)


def _write_lines(kind: str, paths: BatchPaths, path: Path) -> Iterator[FileRecord]:
    """Write records of one kind as JSON lines; they may be large, so one at a time."""
    lines = (payload for each, payload in journal.read(paths.journal) if each == kind)
    first = next(lines, None)
    if first is None:
        return
    count = 0
    with atomic(path) as temporary, gzip.open(temporary, "wb") as file:
        for count, line in enumerate(chain([first], lines), start=1):  # noqa: B007 - it is told
            file.write(_json_line(line))
    yield manifest.describe(path, count, paths.data_dir)


def _json_line(record: dict[str, Any]) -> bytes:
    """A record as a line; a refused entry goes in as the JSON text that it came as."""
    if "entry" in record:
        verbatim = record["entry"].encode().replace(b"\n", b" ")
        record = {**record, "entry": msgspec.Raw(verbatim)}
    return msgspec.json.encode(record) + b"\n"
