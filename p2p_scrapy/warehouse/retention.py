"""History that is older than it has to be kept is dropped, whole days at a time."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile

import psycopg2.errors
import psycopg2.extensions as pg

from p2p_scrapy.warehouse.partitions import Partition, partitions
from p2p_scrapy.warehouse.statement import statement

logger = logging.getLogger(__name__)

LOCK_WAIT = "5s"
"""A partition that somebody reads is dropped another time, in PostgreSQL's words."""


def retire(
    connection: pg.connection,
    now: datetime,
    days: int,
    go_on: Callable[[], bool] = lambda: True,
) -> list[str]:
    """Drop, while ``go_on()``, what ended more than ``days`` days before ``now``; 0 keeps all.

    Days without a batch do not count. So a batch whose clock was far ahead costs a day at most,
    where by the calendar it would cost all history. The partitions dropped are told.

    What stood in a book at the moment from which history is kept can still be told: each market's
    last sweep before it stays.
    """
    first = _first_of_last_days(connection, now, days + 1) if days else None
    if first is None:
        return []
    kept_since = min(_midnight(now - timedelta(days=days)), _midnight(first))
    old = sorted(each for each in partitions(connection) if each.until <= kept_since.date())
    dropped = takewhile(lambda each: go_on() and _drop(connection, each), old)
    return [each.name for each in dropped]


def _first_of_last_days(connection: pg.connection, now: datetime, days: int) -> datetime | None:
    """When the oldest batch began of the last ``days`` days that have one; None without any."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(first) FROM (SELECT min(started_at) AS first FROM warehouse.batch"
            " WHERE started_at <= %s GROUP BY (started_at AT TIME ZONE 'UTC')::date"
            " ORDER BY first DESC LIMIT %s) AS last_days",
            (now, days),
        )
        first: datetime | None = cursor.fetchall()[0][0]
    return first


def _drop(connection: pg.connection, partition: Partition) -> bool:
    """Drop the oldest partition, and all else that is as old; a year's backlog goes day by day."""
    kept_since = datetime.combine(partition.until, time(), UTC)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", (LOCK_WAIT,))
            cursor.execute(
                statement("retire").format(partition=partition.name), {"since": kept_since}
            )
    except psycopg2.errors.LockNotAvailable:
        logger.warning("Warehouse: %s is being read, and is dropped another time", partition.name)
        return False
    except psycopg2.errors.QueryCanceled:
        logger.warning("Warehouse: dropping %s takes too long, it stays for now", partition.name)
        return False
    logger.info("Warehouse: %s is dropped, history is kept since %s", partition.name, kept_since)
    return True


def _midnight(moment: datetime) -> datetime:
    day = moment.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
