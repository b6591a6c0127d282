"""The partitions of history: made ahead of time, dropped when their time has come.

A day of versions that stood for no more than 24 hours each, and a month of the others
(migrations/0002_books.sql).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

import psycopg2.extensions as pg

AHEAD_DAYS = 3
"""Partitions stand for so many days to come, so that no load has to wait for one."""

_DAY, _MONTH = "version_%Y%m%d", "version_long_%Y%m"


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """The closed versions of a day, or the long ones of a month; ``until`` is not within, UTC."""

    until: date
    since: date
    is_long: bool

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Where what ended on a day lies, unless it is long."""
        return cls(day + timedelta(days=1), day, is_long=False)

    @classmethod
    def of_month(cls, day: date) -> Self:
        """Where the long versions that ended in a day's month lie."""
        first = day.replace(day=1)
        return cls((first + timedelta(days=31)).replace(day=1), first, is_long=True)

    @classmethod
    def named(cls, name: str) -> Self:
        """The partition of a table's name."""
        if name.startswith("version_long_"):
            return cls.of_month(datetime.strptime(name, _MONTH).replace(tzinfo=UTC).date())
        return cls.of_day(datetime.strptime(name, _DAY).replace(tzinfo=UTC).date())

    @property
    def name(self) -> str:
        """The table's name."""
        return self.since.strftime(_MONTH if self.is_long else _DAY)


def make_partitions(connection: pg.connection, first: datetime, last: datetime) -> None:
    """See that the partitions of these days and of some days ahead stand.

    A partition is made beside and attached, which no reader has to wait for.
    """
    there = partitions(connection)
    missing = sorted(set(_of_days(first, last + timedelta(days=AHEAD_DAYS))) - there)
    if missing:
        with connection, connection.cursor() as cursor:
            for partition in missing:
                _make(cursor, partition)


def partitions(connection: pg.connection) -> set[Partition]:
    """What there is of history."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid"
            " WHERE inhparent = 'warehouse.version'::regclass AND relname <> 'live'"
        )
        return {Partition.named(name) for (name,) in cursor.fetchall()}


def _make(cursor: pg.cursor, partition: Partition) -> None:
    name, table = partition.name, f"warehouse.{partition.name}"
    bounds = [f"{partition.is_long}, '{day}+00'" for day in (partition.since, partition.until)]
    cursor.execute(
        f"CREATE TABLE {table} (LIKE warehouse.version INCLUDING DEFAULTS INCLUDING CONSTRAINTS);"
        f"CREATE INDEX {name}_of_market ON {table} (market_id, valid_from, valid_to);"
        f"ALTER TABLE warehouse.version ATTACH PARTITION {table}"
        f" FOR VALUES FROM ({bounds[0]}) TO ({bounds[1]})"
    )


def _of_days(first: datetime, last: datetime) -> Iterator[Partition]:
    start, end = first.astimezone(UTC).date(), last.astimezone(UTC).date()
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        yield Partition.of_day(day)
        yield Partition.of_month(day)
