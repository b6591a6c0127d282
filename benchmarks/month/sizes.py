"""How large the warehouse is, table by table, indexes and what is stored apart included."""

import time
from collections import defaultdict

import psycopg2.extensions as pg

_OF_TABLES = (
    "SELECT coalesce(p.relname, c.relname), pg_total_relation_size(c.oid) FROM pg_class c"
    " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relname ~ '_[0-9]{8}$'"
    " LEFT JOIN pg_class p ON p.oid = i.inhparent"
    " WHERE c.relnamespace = 'warehouse'::regnamespace AND c.relkind = 'r'"
)


def sizes(connection: pg.connection) -> dict[str, int]:
    """Bytes by table; the partitions of closed days count as one."""
    found: dict[str, int] = defaultdict(int)
    with connection, connection.cursor() as cursor:
        cursor.execute(_OF_TABLES)
        for name, size in cursor.fetchall():
            found[name] += int(size)
    return dict(found)


def vacuum(connection: pg.connection) -> float:
    """VACUUM ANALYZE once, as the server does by itself when it comes to it; the seconds."""
    began = time.perf_counter()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.autocommit = False
    return time.perf_counter() - began
