"""The days of history: a partition each, made ahead of time, dropped when their time has come."""

from datetime import UTC, date, datetime, timedelta

import psycopg2.extensions as pg

AHEAD_DAYS = 3
"""Partitions stand for so many days to come, so that no load has to wait for one."""

_PATTERN = "version_%Y%m%d"


def make_days(connection: pg.connection, first: datetime, last: datetime) -> None:
    """See that the partitions of these days and of some days ahead stand.

    A partition is made beside and attached, which no reader has to wait for.
    """
    there = days_of_history(connection)
    missing = [
        day for day in _days(first, last + timedelta(days=AHEAD_DAYS)) if _name(day) not in there
    ]
    if missing:
        with connection, connection.cursor() as cursor:
            for day in missing:
                _make(cursor, day)


def days_of_history(connection: pg.connection) -> set[str]:
    """The names of the partitions that hold a day of history each."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid"
            " WHERE inhparent = 'warehouse.version'::regclass AND relname <> 'live'"
        )
        return {name for (name,) in cursor.fetchall()}


def day_of(partition: str) -> date:
    """The day, UTC, whose closed versions a partition holds."""
    return datetime.strptime(partition, _PATTERN).replace(tzinfo=UTC).date()


def _make(cursor: pg.cursor, day: date) -> None:
    name, until = f"warehouse.{_name(day)}", day + timedelta(days=1)
    cursor.execute(
        f"CREATE TABLE {name} (LIKE warehouse.version);"
        f"ALTER TABLE {name} ADD CONSTRAINT of_its_day"
        f" CHECK (valid_to >= '{day}+00' AND valid_to < '{until}+00');"
        f"CREATE INDEX {_name(day)}_of_market ON {name} (market_id, valid_from, valid_to);"
        f"ALTER TABLE warehouse.version ATTACH PARTITION {name}"
        f" FOR VALUES FROM ('{day}+00') TO ('{until}+00');"
        f"ALTER TABLE {name} DROP CONSTRAINT of_its_day"
    )


def _days(first: datetime, last: datetime) -> list[date]:
    start, end = first.astimezone(UTC).date(), last.astimezone(UTC).date()
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def _name(day: date) -> str:
    return day.strftime(_PATTERN)
