"""What plain snapshot tables take: a row an ad and sweep, with the columns of fact_offers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2.extensions as pg

BATCHES = 3
_COLUMNS = (
    "offer_external_id, batch_id, extraction_timestamp, crypto_id, fiat_id,"
    " advertiser_sk, advertiser, trade_type, price, price_float_rate, available_amount, min_limit,"
    " max_limit, tradable_quantity, completion_rate, total_orders_count,"
    " avg_response_time_seconds, avg_completion_time_minutes, terms_conditions, is_available"
)
_MAKE = f"""
CREATE SEQUENCE public.plain_number;
CREATE TABLE public.plain_snapshot AS
    SELECT offer_id, {_COLUMNS} FROM market.fact_offers WITH NO DATA;
CREATE INDEX ON public.plain_snapshot (extraction_timestamp);
CREATE INDEX ON public.plain_snapshot (crypto_id, fiat_id, trade_type, extraction_timestamp);
CREATE INDEX ON public.plain_snapshot (offer_external_id);
CREATE TABLE public.plain_snapshot_method AS
    SELECT * FROM market.fact_offer_payment_methods WITH NO DATA;
ALTER TABLE public.plain_snapshot_method ADD PRIMARY KEY (offer_id, payment_method_id)"""
_FILL = f"""
WITH seen AS MATERIALIZED (
    SELECT nextval('public.plain_number') AS number, offer_id, {_COLUMNS}
    FROM market.fact_offers WHERE batch_id = %(batch_id)s AND extraction_timestamp >= %(since)s
), methods AS (
    INSERT INTO public.plain_snapshot_method
    SELECT s.number, s.extraction_timestamp, m.payment_method_id, m.is_primary
    FROM seen s JOIN market.fact_offer_payment_methods m USING (offer_id)
)
INSERT INTO public.plain_snapshot SELECT number, {_COLUMNS} FROM seen"""
_DROP = """
DROP TABLE public.plain_snapshot, public.plain_snapshot_method;
DROP SEQUENCE public.plain_number"""


@dataclass(frozen=True, slots=True)
class PlainSnapshot:
    """Bytes an ad-observation with indexes; ``methods`` is the table of each one's methods."""

    offers: float
    methods: float


def plain_snapshot(connection: pg.connection) -> PlainSnapshot:
    """Put the last batches into plain tables, one by one, and see how large these become."""
    with connection, connection.cursor() as cursor, _tables(cursor):
        cursor.execute(
            "SELECT batch_id, started_at FROM warehouse.batch ORDER BY started_at DESC LIMIT %s",
            (BATCHES,),
        )
        rows = 0
        for batch_id, since in reversed(cursor.fetchall()):
            cursor.execute(_FILL, {"batch_id": batch_id, "since": since})
            rows += cursor.rowcount
        return PlainSnapshot(
            _size(cursor, "plain_snapshot") / rows, _size(cursor, "plain_snapshot_method") / rows
        )


def _size(cursor: pg.cursor, table: str) -> int:
    cursor.execute("SELECT pg_total_relation_size(%s::regclass)", (f"public.{table}",))
    ((size,),) = cursor.fetchall()
    return int(size)


@contextmanager
def _tables(cursor: pg.cursor) -> Iterator[None]:
    cursor.execute(_MAKE)
    yield
    cursor.execute(_DROP)
