"""Advisory locks: what only one connection at a time may do to a warehouse."""

import psycopg2.extensions as pg

SCHEMA = 0x50325001
"""Changing the schema; held to the end of the transaction."""
LOADING = 0x50325002
"""Loading batches; held to the end of the session."""


def wait_for(cursor: pg.cursor, lock: int) -> None:
    """Take a lock for this transaction, however long another has it."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))


def hold(cursor: pg.cursor, lock: int) -> None:
    """Take a lock for this session, however long another has it."""
    cursor.execute("SELECT pg_advisory_lock(%s)", (lock,))
