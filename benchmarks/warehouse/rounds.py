"""One round: a new database, and everything that is measured done in it once."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import psycopg2.extensions as pg
import pyarrow as pa

from benchmarks.warehouse import speeds
from benchmarks.warehouse.timed import timed_load
from p2p_scrapy.warehouse import schema
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.copying import copy
from p2p_scrapy.warehouse.lake_batch import LakeBatch
from p2p_scrapy.warehouse.staging import stage
from p2p_scrapy.warehouse.statement import statement

_DATABASE = "p2p_benchmark"


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds by what was done, and those of CPU that the loads took."""

    seconds: dict[str, float]
    cpu_seconds: dict[str, float | None]


def one_round(dsn: str, batches: Mapping[str, LakeBatch]) -> Round:
    """Load the batches in their order, by their names, and copy the rows of the first."""
    with _new_database(dsn) as new, connected(new) as connection:
        schema.migrate(connection)
        loads = {name: timed_load(connection, batch) for name, batch in batches.items()}
        return Round(
            {
                **_copies(connection, batches[speeds.FIRST]),
                **{name: load.seconds for name, load in loads.items()},
            },
            {name: load.cpu for name, load in loads.items()},
        )


def _copies(connection: pg.connection, batch: LakeBatch) -> dict[str, float]:
    began = time.perf_counter()
    ads = stage(batch).ads
    staging = time.perf_counter() - began
    coded = ("market", "method_set", "terms")
    rows = ads.rename_columns({name: f"{name}_id" for name in coded})
    return {
        speeds.STAGING: staging,
        speeds.STAGE_COPY: _into_stage(connection, rows),
        speeds.PLAIN_COPY: _into_table(connection, rows),
    }


def _into_stage(connection: pg.connection, rows: pa.Table) -> float:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement("stage"))
        return _seconds(lambda: copy(cursor, rows, "staged_ad"))


def _into_table(connection: pg.connection, rows: pa.Table) -> float:
    """Into a permanent table with the columns of the stage, to the end of COMMIT."""
    with connection, connection.cursor() as cursor:
        cursor.execute(statement("stage"))
        cursor.execute("CREATE TABLE public.plain_copy (LIKE staged_ad)")
    began = time.perf_counter()
    with connection, connection.cursor() as cursor:
        copy(cursor, rows, "public.plain_copy")
    return time.perf_counter() - began


def _seconds(action: Callable[[], None]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


@contextmanager
def _new_database(dsn: str) -> Iterator[str]:
    _execute(dsn, f"CREATE DATABASE {_DATABASE}")
    try:
        yield pg.make_dsn(dsn, dbname=_DATABASE)
    finally:
        _execute(dsn, f"DROP DATABASE {_DATABASE} WITH (FORCE)")


def _execute(dsn: str, command: str) -> None:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    try:
        connection.cursor().execute(command)
    finally:
        connection.close()
