"""Back to what the warehouse was before a moment, so that what follows can be loaded anew."""

from datetime import UTC, datetime

import psycopg2.extensions as pg

from p2p_scrapy.warehouse.statement import statement


def start_of(connection: pg.connection, moment: datetime) -> datetime:
    """The moment, or an earlier one that no batch reaches across."""
    with connection, connection.cursor() as cursor:
        while (start := _undone_since(cursor, moment)) < moment:
            moment = start
    return moment


def _undone_since(cursor: pg.cursor, moment: datetime) -> datetime:
    cursor.execute(statement("undone_since"), {"moment": moment})
    return _moment(cursor)


def kept_since(cursor: pg.cursor) -> datetime:
    """Since when history is kept: nothing before can be loaded."""
    cursor.execute("SELECT greatest(kept_since, '0001-01-01') FROM warehouse.retention")
    return _moment(cursor)


def roll_back(cursor: pg.cursor, since: datetime) -> None:
    """Undo every batch that started at ``since`` or later, in the caller's transaction.

    Dimensions stay: they say what exists, and their numbers are in use.
    """
    cursor.execute(statement("roll_back"), {"since": since})


def _moment(cursor: pg.cursor) -> datetime:
    row = cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement returns one
    moment: datetime = row[0]
    return moment.astimezone(UTC)
