"""What a plain snapshot table takes: a row an ad and sweep, with the columns of fact_offers."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2.extensions as pg

BATCHES = 3
_COLUMNS = (
    "offer_id, offer_external_id, batch_id, extraction_timestamp, crypto_id, fiat_id,"
    " advertiser_sk, advertiser, trade_type, price, price_float_rate, available_amount, min_limit,"
    " max_limit, tradable_quantity, completion_rate, total_orders_count,"
    " avg_response_time_seconds, avg_completion_time_minutes, terms_conditions, is_available"
)
_INDEXES = (
    "(extraction_timestamp)",
    "(crypto_id, fiat_id, trade_type, extraction_timestamp)",
    "(offer_external_id)",
)


def plain_bytes_per_row(connection: pg.connection) -> float:
    """Bytes of a row, its usual indexes included, of the last batches put in one by one."""
    with connection, connection.cursor() as cursor, _table(cursor):
        cursor.execute(
            "SELECT batch_id, started_at FROM warehouse.batch ORDER BY started_at DESC LIMIT %s",
            (BATCHES,),
        )
        rows = 0
        for batch_id, started_at in reversed(cursor.fetchall()):
            cursor.execute(
                f"INSERT INTO public.plain_snapshot SELECT {_COLUMNS} FROM market.fact_offers"
                " WHERE batch_id = %s AND extraction_timestamp >= %s",
                (batch_id, started_at),
            )
            rows += cursor.rowcount
        cursor.execute("SELECT pg_total_relation_size('public.plain_snapshot')")
        return int(cursor.fetchall()[0][0]) / rows


@contextmanager
def _table(cursor: pg.cursor) -> Iterator[None]:
    cursor.execute(
        f"CREATE TABLE public.plain_snapshot AS SELECT {_COLUMNS} FROM market.fact_offers"
        " WITH NO DATA"
    )
    for columns in _INDEXES:
        cursor.execute(f"CREATE INDEX ON public.plain_snapshot {columns}")
    yield
    cursor.execute("DROP TABLE public.plain_snapshot")
