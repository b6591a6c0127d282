"""One batch into the warehouse: all of it, or nothing.

The caller's transaction is the batch's. The statements are in p2p_scrapy/warehouse/statements.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg2.extensions as pg
import pyarrow as pa

from items import BatchRecord
from p2p_scrapy.warehouse import dimensions
from p2p_scrapy.warehouse.copying import copy
from p2p_scrapy.warehouse.quality import Thresholds, check
from p2p_scrapy.warehouse.staging import Staged
from p2p_scrapy.warehouse.staging.compute import Values, pc
from p2p_scrapy.warehouse.statement import statement
from p2p_scrapy.warehouse.zero_bytes import without_zeros

_STEPS = ("sweeps", "advertisers", "statistics", "differences", "versions", "books", "errors")


@dataclass(frozen=True)
class Loaded:
    """What loading a batch changed: ads of the batch, and versions put down, replaced, closed.

    ``failed_checks`` names the quality checks that it did not pass.
    """

    batch_id: str
    started_at: datetime
    batch_no: int
    ads: int
    inserted: int
    updated: int
    closed: int
    failed_checks: tuple[str, ...]


def load(cursor: pg.cursor, staged: Staged, thresholds: Thresholds) -> Loaded:
    """Compare a batch with the books, write what differs, and check what came of it.

    Every earlier batch must be in already. Partitions must stand for the batch's days.
    """
    record = staged.batch.record
    batch_no = _enter(cursor, staged)
    parameters = {"venue": record.venue, "batch_no": batch_no}
    _send(cursor, staged)
    for step in _STEPS:
        cursor.execute(statement(step), parameters)
    checks = check(cursor, staged, batch_no, thresholds)
    ads, inserted, updated, closed = _count(cursor, staged, batch_no)
    cursor.execute(statement("unstage"))  # several batches may share a transaction
    failed = tuple(each.metric_name for each in checks if not each.passed)
    return Loaded(
        record.batch_id, record.started_at, batch_no, ads, inserted, updated, closed, failed
    )


def _enter(cursor: pg.cursor, staged: Staged) -> int:
    record = staged.batch.record
    cursor.execute(
        "INSERT INTO warehouse.batch"
        " (batch_id, venue, started_at, ended_at, status, files_digest, record)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING batch_no",
        (
            record.batch_id,
            record.venue,
            record.started_at,
            record.ended_at,
            record.status.value,
            staged.batch.digest,
            _document(record),
        ),
    )
    return int(_row(cursor)[0])


def _document(record: BatchRecord) -> str:
    return msgspec.json.encode(without_zeros(msgspec.to_builtins(record))).decode()


def _send(cursor: pg.cursor, staged: Staged) -> None:
    """Ids for codes, and all of it into temporary tables."""
    markets = dimensions.market_ids(cursor, staged.markets)
    sets = dimensions.method_set_ids(cursor, staged.methods)
    terms = dimensions.terms_ids(cursor, staged.terms)
    cursor.execute(statement("stage"))
    ads = _coded(staged.ads, market=markets, method_set=sets, terms=terms)
    copy(cursor, _coded(staged.sweeps, market=markets), "staged_sweep")
    copy(cursor, ads, "staged_ad")
    copy(cursor, _coded(staged.refused, market=markets), "staged_refusal")
    copy(cursor, staged.identities, "staged_identity")
    copy(cursor, staged.statistics, "staged_statistic")


def _coded(table: pa.Table, **ids: Values) -> pa.Table:
    """The table with ids in the place of codes: ``market`` becomes ``market_id``, and so on."""
    for name, values in ids.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, f"{name}_id", pc.take(values, table[name]))
    return table


def _count(cursor: pg.cursor, staged: Staged, batch_no: int) -> tuple[Any, ...]:
    figures = {"ads": staged.ads.num_rows, "batch_no": batch_no}
    cursor.execute(statement("count"), figures)
    return _row(cursor)


def _row(cursor: pg.cursor) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement returns one
    return row
