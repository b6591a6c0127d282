"""A connection to PostgreSQL that notices when the other end is gone, and says so in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import psycopg2.extensions as pg

from p2p_scrapy.errors import DatabaseLostError, WarehouseError

OLDEST_VERSION = 150_000
"""As PostgreSQL counts: UNIQUE NULLS NOT DISTINCT came with 15."""


class DatabaseRefusedError(WarehouseError):
    """The database would not do what it was asked; nothing of the batch is in it."""


class DatabaseTooOldError(WarehouseError):
    """The server is older than what the SQL here needs."""


@contextmanager
def connected(dsn: str) -> Iterator[pg.connection]:
    """A connection for the block; times are UTC.

    Raises:
        DatabaseLostError: it cannot be made, or broke in the block.
        DatabaseTooOldError: the server is older than 15.
        DatabaseRefusedError: it would not do what it was asked.
    """
    connection = _connect(dsn)
    try:
        if connection.server_version < OLDEST_VERSION:
            version = connection.server_version // 10_000
            raise DatabaseTooOldError(
                f"the database is PostgreSQL {version}, and must be 15 or newer; "
                "upgrade it, or leave DATABASE_URL empty for the embedded server"
            )
        with connection, connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
        yield connection
    except psycopg2.Error as error:
        if connection.closed:
            raise DatabaseLostError(f"the database went away: {_first_line(error)}") from error
        raise DatabaseRefusedError(f"the database refused: {_first_line(error)}") from error
    finally:
        connection.close()


def _connect(dsn: str) -> pg.connection:
    try:
        return psycopg2.connect(
            dsn,
            connect_timeout=10,
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=30_000,
            application_name="p2p_scrapy",
        )
    except psycopg2.Error as error:
        message = f"the database cannot be reached: {_without_secrets(error)}"
        raise DatabaseLostError(f"{message}; look at DATABASE_URL and the server") from None


def _without_secrets(error: psycopg2.Error) -> str:
    """What libpq says of a server; what it says of an address may have the password in it."""
    said = _first_line(error)
    is_of_server = said.startswith(("connection to server", "could not translate host name"))
    return said if is_of_server else "its address cannot be used"


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
