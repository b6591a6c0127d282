"""All checks of one batch: made at the end of its load, recorded in its transaction."""

import logging

import psycopg2.extensions as pg
from psycopg2.extras import Json, execute_values

from items import BatchRecord
from p2p_scrapy.warehouse.quality import prices, shares, volumes, wholeness
from p2p_scrapy.warehouse.quality.outcome import Check
from p2p_scrapy.warehouse.quality.thresholds import Thresholds
from p2p_scrapy.warehouse.staging import Staged
from p2p_scrapy.warehouse.zero_bytes import without_zeros

logger = logging.getLogger(__name__)


def check(cursor: pg.cursor, staged: Staged, batch_no: int, thresholds: Thresholds) -> list[Check]:
    """Measure a batch, record what came of it, and warn of what it did not pass.

    Its books must be written, and the temporary tables of its load still stand.
    """
    record = staged.batch.record
    checks = [
        shares.completeness(staged, thresholds),
        shares.planned_markets(record, thresholds),
        shares.coverage(record, thresholds),
        prices.price_anomalies(cursor, thresholds),
        volumes.volume_consistency(cursor, thresholds),
        wholeness.duplicates(staged),
        wholeness.temporal_consistency(cursor, record),
        wholeness.referential_integrity(cursor, batch_no),
        wholeness.precision(staged),
        wholeness.refused(record),
    ]
    _record(cursor, checks, batch_no, record)
    _warn(checks, record)
    return checks


def _record(cursor: pg.cursor, checks: list[Check], batch_no: int, record: BatchRecord) -> None:
    execute_values(
        cursor,
        "INSERT INTO warehouse.quality (batch_no, metric_name, metric_value, threshold_value,"
        " passed, details, check_timestamp) VALUES %s",
        [
            (
                batch_no,
                each.metric_name,
                each.metric_value,
                each.threshold_value,
                each.passed,
                Json(without_zeros(each.details)),
                record.ended_at,
            )
            for each in checks
        ],
    )


def _warn(checks: list[Check], record: BatchRecord) -> None:
    for each in checks:
        if not each.passed:
            logger.warning(
                "Batch of %s UTC fails the check %s: %s",
                f"{record.started_at:%Y-%m-%d %H:%M:%S}",
                each.metric_name,
                each.finding,
            )
