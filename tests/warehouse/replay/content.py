"""Everything that a warehouse holds, by natural keys: two that hold the same are equal here.

Left out are the numbers that the database gives out, and when a row was loaded.
"""

from typing import Any, Self

import psycopg2

_MARKET = "c.symbol || '/' || f.currency_code || ' ' || m.side || ' ' || m.venue"
_NAMED = (
    " JOIN warehouse.market m USING (market_id)"
    " JOIN warehouse.crypto c USING (crypto_id) JOIN warehouse.fiat f USING (fiat_id)"
)

TABLES = {
    "batches": "SELECT batch_id, venue, started_at, ended_at, status, files_digest, record::text,"
    " offers_extracted, offers_inserted, offers_updated, offers_closed FROM warehouse.batch",
    "sweeps": f"SELECT {_MARKET}, b.batch_id, s.swept_at, s.started_at, s.first_response_at,"
    " s.volume_sum, s.ordinal, s.total_first, s.total_last, s.rows_seen, s.unique_ads,"
    " s.duplicates, s.refused, s.promoted, s.pages, s.rereads, s.verdict, s.lane, s.error,"
    " (SELECT array_agg(v.adv_no ORDER BY v.adv_no) FROM unnest(s.missed) o (offer_id)"
    "  LEFT JOIN warehouse.version v USING (offer_id)),"
    " (SELECT min(first.swept_at) FROM warehouse.sweep first WHERE first.book_id = s.book_id),"
    " k.offers, k.average_price, k.weighted_price, k.median_price, k.deviation, k.top10_price,"
    " k.ranks, k.volume, k.top10_volume, k.min_price, k.max_price, k.best_price"
    f" FROM warehouse.sweep s{_NAMED} JOIN warehouse.batch b USING (batch_no)"
    " LEFT JOIN warehouse.book k USING (book_id)",
    "versions": f"SELECT {_MARKET}, v.adv_no, v.valid_from, v.valid_to, v.tableoid::regclass::text,"
    " b.batch_id, a.advertiser_no, w.valid_from, o.valid_from, o.method_set_id = v.method_set_id,"
    " p.codes, t.price_type, t.classify, t.pay_time_limit_minutes, t.commission_rate,"
    " t.taker_kyc_required, v.is_ranked, v.price, v.surplus, v.min_amount, v.max_amount,"
    f" v.tradable FROM warehouse.version v{_NAMED} JOIN warehouse.batch b USING (batch_no)"
    " JOIN warehouse.advertiser_version w USING (advertiser_sk)"
    " JOIN warehouse.advertiser a USING (advertiser_id) JOIN warehouse.offer o USING (offer_id)"
    " JOIN warehouse.method_set p ON p.method_set_id = v.method_set_id"
    " JOIN warehouse.terms t USING (terms_id)",
    "people": "SELECT a.venue, a.advertiser_no, v.valid_from, v.valid_to, v.nickname,"
    " v.advertiser_type, v.is_merchant, v.user_grade, v.user_identity, v.badges, v.vip_level"
    " FROM warehouse.advertiser_version v JOIN warehouse.advertiser a USING (advertiser_id)",
    "statistics": "SELECT a.venue, a.advertiser_no, d.day, d.changed_at, d.month_order_counts,"
    " d.month_finish_rates, d.positive_rates"
    " FROM warehouse.advertiser_day d JOIN warehouse.advertiser a USING (advertiser_id)",
    "errors": "SELECT b.batch_id, e.error_timestamp, e.fiat_code, e.crypto_symbol, e.trade_type,"
    " e.page_number, e.error_type, e.error_message, e.stack_trace, e.retry_count, e.is_resolved"
    " FROM warehouse.extraction_error e JOIN warehouse.batch b USING (batch_no)",
    "quality": "SELECT b.batch_id, q.metric_name, q.metric_value, q.threshold_value, q.passed,"
    " q.details::text, q.check_timestamp"
    " FROM warehouse.quality q JOIN warehouse.batch b USING (batch_no)",
    "names": "SELECT 'asset', symbol, name FROM warehouse.crypto"
    " UNION ALL SELECT 'fiat', currency_code, currency_name || coalesce(country_code, '')"
    " FROM warehouse.fiat"
    " UNION ALL SELECT 'method', method_code, method_name || category"
    " FROM warehouse.payment_method",
    "method sets": "SELECT s.listing, s.codes, array_agg(p.method_code || m.is_primary"
    " ORDER BY p.method_code) FROM warehouse.method_set s"
    " LEFT JOIN warehouse.method_set_member m USING (method_set_id)"
    " LEFT JOIN warehouse.payment_method p USING (payment_method_id) GROUP BY 1, 2",
    "rows": "SELECT (SELECT count(*) FROM warehouse.version),"
    " (SELECT count(*) FROM warehouse.offer),"
    " (SELECT count(*) FROM warehouse.sweep), (SELECT count(*) FROM warehouse.terms),"
    " (SELECT count(*) FROM warehouse.advertiser_version),"
    " (SELECT count(*) FROM warehouse.market), (SELECT count(*) FROM warehouse.advertiser)",
    "books without a sweep": "SELECT book_id FROM warehouse.book b"
    " WHERE NOT EXISTS (SELECT FROM warehouse.sweep s WHERE s.book_id = b.book_id)",
    "offers without a version": "SELECT offer_id FROM warehouse.offer o"
    " WHERE NOT EXISTS (SELECT FROM warehouse.version v WHERE v.offer_id = o.offer_id)",
    "versions that overlap": "SELECT v.adv_no FROM warehouse.version v JOIN warehouse.version w"
    " USING (market_id, adv_no) WHERE v.offer_id <> w.offer_id AND v.valid_from < w.valid_to"
    " AND w.valid_from < v.valid_to",
    "people who overlap": "SELECT v.nickname FROM warehouse.advertiser_version v"
    " JOIN warehouse.advertiser_version w USING (advertiser_id)"
    " WHERE v.advertiser_sk <> w.advertiser_sk AND v.valid_from < w.valid_to"
    " AND w.valid_from < v.valid_to",
}
NEVER = (
    "books without a sweep",
    "offers without a version",
    "versions that overlap",
    "people who overlap",
)
"""Queries that find nothing in a warehouse that is whole."""
BOOK = (
    "SELECT offer_external_id, crypto_symbol, fiat_code, trade_type, advertiser, is_merchant,"
    " price, available_amount, min_limit, max_limit, completion_rate, total_orders_count,"
    " extraction_timestamp, payment_methods, rank, is_promoted, is_stale, was_seen, is_ranked,"
    " tradable_quantity FROM"
)
"""What follows is a book; the columns are those of Replay.book_at."""
BIG = ("version", "offer", "sweep", "book", "advertiser_version", "advertiser_day", "batch")


class Reader:
    """A plain new connection to a warehouse, as an analyst's."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg2.connect(dsn, options="-c timezone=UTC")
        self._connection.autocommit = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a query, in the order of their text."""
        return sorted(self.run(statement, *parameters), key=repr)

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of a statement as they come, if it has any."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []


def content(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is in a warehouse; what must never be in one is not."""
    with Reader(dsn) as reader:
        found = {name: reader.ask(statement) for name, statement in TABLES.items()}
    assert [found.pop(name) for name in NEVER] == [[]] * len(NEVER)
    versions, _, sweeps = found["rows"][0][:3]
    assert (versions, sweeps) == (len(found["versions"]), len(found["sweeps"]))
    return found


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What only one of two contents has, a few rows of each table: empty where they are equal."""
    return {
        name: (_only(one[name], other[name]), _only(other[name], one[name]))
        for name in one
        if one[name] != other[name]
    }


def _only(rows: list[Any], others: list[Any]) -> list[Any]:
    there = {*map(repr, others)}
    return [row for row in rows if repr(row) not in there][:3]


def stamps(dsn: str) -> dict[str, Any]:
    """What changes when a row of a big table is written, even with the values that it had."""
    with Reader(dsn) as reader:
        return {
            name: reader.run(
                "SELECT count(*), max(xmin::text::bigint), max(xmax::text::bigint)"
                f" FROM warehouse.{name}"
            )
            for name in BIG
        }
