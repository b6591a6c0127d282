"""``python -m deploy.restore FOLDER``: a backup into the settings' data folder and database.

Both must be empty. ``DATABASE_URL=none`` restores the lake alone, from which ``scrapy backfill``
makes the warehouse.
"""

import sys
from pathlib import Path

import psycopg2.extensions as pg

from deploy import pg_programs
from deploy.backup import DUMP, LAKE
from deploy.lake_copy import copy_lake
from deploy.tool import run_tool
from p2p_scrapy.config import Config
from p2p_scrapy.errors import DataFolderError, UsageError, WarehouseError
from p2p_scrapy.parsing import NO_DATABASE
from p2p_scrapy.warehouse import schema
from p2p_scrapy.warehouse.connection import connected
from p2p_scrapy.warehouse.database import database

ACCESS = "access"
"""The step of the schema that sets up the role and the search path; it may be taken again."""


def restore(config: Config, folder: Path) -> None:
    """The lake, then the warehouse, which goes on being loaded from that lake.

    Raises:
        P2PError: it cannot be done; of the warehouse, all of it is restored or nothing.
    """
    if not (folder / LAKE).is_dir():
        raise UsageError(f"there is no backup in {folder}: it has no folder {LAKE}")
    _restore_lake(folder / LAKE, config.data_dir)
    if config.database_url != NO_DATABASE:
        with database(config) as dsn:
            _restore_warehouse(config, folder / DUMP, dsn)


def _restore_lake(copy: Path, data_dir: Path) -> None:
    if any(data_dir.glob("raw/batches/*")):
        message = f"there are batches in {data_dir} already"
        raise DataFolderError(f"{message}; set P2P_DATA_DIR to an empty folder")
    try:
        files, size = copy_lake(copy, data_dir)
    except OSError as error:
        raise DataFolderError(f"the lake cannot be copied to {data_dir}: {error}") from error
    print(f"{data_dir}: {files:,} files, {size:,} bytes")


def _restore_warehouse(config: Config, dump: Path, dsn: str) -> None:
    if not dump.is_file():
        raise UsageError(f"there is no {dump}; set DATABASE_URL=none, then run scrapy backfill")
    with connected(dsn) as connection, connection.cursor() as cursor:
        _prove_empty(cursor)
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    pg_programs.run("pg_restore", config, dsn, *options, dump)
    with connected(dsn) as connection, connection, connection.cursor() as cursor:
        _set_up(cursor)
    print("the warehouse is restored; scrapy backfill loads what the lake has beyond it")


def _prove_empty(cursor: pg.cursor) -> None:
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname = ANY (%s)", (list(pg_programs.SCHEMAS),)
    )
    if there := cursor.fetchone():
        message = f"the database has a schema {there[0]} already"
        raise WarehouseError(f"{message}; set DATABASE_URL to an empty one")


def _set_up(cursor: pg.cursor) -> None:
    """What no dump of a schema carries: the role that may look, the search path, statistics."""
    (access,) = [step for step in schema.steps() if step.name == ACCESS]
    cursor.execute(access.sql)
    cursor.execute("ANALYZE")


HINT = "name the backup's folder: python -m deploy.restore /mnt/backup"

if __name__ == "__main__":
    sys.exit(run_tool("restore", restore, HINT))
