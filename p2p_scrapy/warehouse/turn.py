"""A loader's turn at a warehouse, and how long it waits for it and for all that follows."""

from dataclasses import dataclass

import psycopg2.errors
import psycopg2.extensions as pg

from p2p_scrapy.errors import LoaderBusyError
from p2p_scrapy.warehouse import locks


@dataclass(frozen=True)
class Patience:
    """How long a loader waits for a statement, for a lock in it, and for its turn; 0 for ever.

    In PostgreSQL's words.
    """

    statement: str
    lock: str
    turn: str


UNHURRIED = Patience(statement="0", lock="0", turn="60s")
"""Of a person who loads history."""
IN_A_HURRY = Patience(statement="100s", lock="20s", turn="5s")
"""Of a crawl, which must end."""


def set_limits(connection: pg.connection, patience: Patience) -> None:
    """Have every statement of this session, and every lock in it, wait no longer than that."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false),"
            " set_config('lock_timeout', %s, false)",
            (patience.statement, patience.lock),
        )


def take(connection: pg.connection, patience: Patience) -> None:
    """Be the one that loads, from now to the end of the session.

    Raises:
        LoaderBusyError: another loader did not let go.
    """
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", (patience.turn,))
            locks.hold(cursor, locks.LOADING)
    except psycopg2.errors.LockNotAvailable as error:
        message = "another process is loading into this warehouse"
        raise LoaderBusyError(
            f"{message}; what waits is loaded by it or by the next run"
        ) from error
