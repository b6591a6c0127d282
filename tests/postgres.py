"""A PostgreSQL server for a session of tests, and statements that no transaction may hold."""

import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from p2p_scrapy.warehouse.embedded import EmbeddedServer


@contextmanager
def forgetful_server():
    """A server of one's own, which forgets what a power cut would cost.

    Its folder is not below pytest's, which the server's user cannot enter where we are root.
    """
    with tempfile.TemporaryDirectory(prefix="p2p-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedServer(folder / "data") as server:
            execute(server.dsn, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
            yield server


def execute(dsn, *statements):
    """Run statements, each by itself; the rows of the last one, if it has any."""
    with closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
