"""The schema: numbered steps, each applied once and wholly, whoever comes first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import psycopg2.extensions as pg

from p2p_scrapy.errors import WarehouseError
from p2p_scrapy.warehouse import locks, migrations

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")


class SchemaTooNewError(WarehouseError):
    """A newer version of this project has changed the schema; this one would misread it."""


@dataclass(frozen=True, order=True)
class Step:
    """One migration: ``NNNN_name.sql``."""

    number: int
    name: str
    sql: str


def steps() -> list[Step]:
    """Every migration that this version knows, in order."""
    return sorted(_steps())


def _steps() -> Iterator[Step]:
    for file in resources.files(migrations).iterdir():
        if match := _NAME.fullmatch(file.name):
            yield Step(int(match[1]), match[2], file.read_text("utf-8"))


def migrate(connection: pg.connection) -> list[Step]:
    """Bring the schema to this version's; the steps that were applied now.

    Raises:
        SchemaTooNewError: it is beyond this version's.
    """
    with connection, connection.cursor() as cursor:
        locks.wait_for(cursor, locks.SCHEMA)
        known = steps()
        applied = _applied(cursor)
        if beyond := applied - {step.number for step in known}:
            raise SchemaTooNewError(
                f"the warehouse has schema {max(beyond)}, this version knows {known[-1].number}; "
                "install the newer p2p-scrapy, or use another database"
            )
        missing = [step for step in known if step.number not in applied]
        for step in missing:
            _apply(cursor, step)
    return missing


def _applied(cursor: pg.cursor) -> set[int]:
    cursor.execute("SELECT to_regclass('warehouse.migration') IS NOT NULL")
    if not _one(cursor):
        cursor.execute(
            "CREATE SCHEMA IF NOT EXISTS warehouse;"
            "CREATE TABLE warehouse.migration (number integer PRIMARY KEY, name text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
    cursor.execute("SELECT number FROM warehouse.migration")
    return {number for (number,) in cursor.fetchall()}


def _apply(cursor: pg.cursor, step: Step) -> None:
    cursor.execute(step.sql)
    cursor.execute(
        "INSERT INTO warehouse.migration (number, name) VALUES (%s, %s)", (step.number, step.name)
    )


def _one(cursor: pg.cursor) -> object:
    row = cursor.fetchone()
    return row[0] if row else None
