"""Ids of what a batch speaks of: found, or added where it is new."""

from collections.abc import Sequence
from typing import Any

import psycopg2.extensions as pg
import pyarrow as pa
from psycopg2.extras import execute_values

from p2p_scrapy.warehouse.categories import category_of
from p2p_scrapy.warehouse.copying import copy
from p2p_scrapy.warehouse.names import country_of, crypto_name, fiat_name
from p2p_scrapy.warehouse.staging.compute import Column, Values
from p2p_scrapy.warehouse.staging.methods import MethodSets, codes_of
from p2p_scrapy.warehouse.statement import statement

_Rows = list[tuple[Any, ...]]


def market_ids(cursor: pg.cursor, markets: pa.Table) -> Values:
    """The market_id of each row of venue, asset, fiat, side."""
    rows = list(zip(*(column.to_pylist() for column in markets.columns), strict=True))
    known = _known_markets(cursor)
    if missing := [row for row in rows if row not in known]:
        _add_markets(cursor, missing)
        known = _known_markets(cursor)
    return pa.array([known[row] for row in rows], pa.int32())


def _known_markets(cursor: pg.cursor) -> dict[tuple[Any, ...], int]:
    cursor.execute(
        "SELECT venue, symbol, currency_code, side, market_id FROM warehouse.market"
        " JOIN warehouse.crypto USING (crypto_id) JOIN warehouse.fiat USING (fiat_id)"
    )
    return {tuple(row): number for *row, number in cursor.fetchall()}


def _add_markets(cursor: pg.cursor, rows: _Rows) -> None:
    assets = sorted({row[1] for row in rows})
    fiats = sorted({row[2] for row in rows})
    execute_values(
        cursor,
        "INSERT INTO warehouse.crypto (symbol, name) VALUES %s ON CONFLICT DO NOTHING",
        [(asset, crypto_name(asset)) for asset in assets],
    )
    execute_values(
        cursor,
        "INSERT INTO warehouse.fiat (currency_code, currency_name, country_code) VALUES %s"
        " ON CONFLICT DO NOTHING",
        [(fiat, fiat_name(fiat), country_of(fiat)) for fiat in fiats],
    )
    execute_values(
        cursor,
        "INSERT INTO warehouse.market (venue, crypto_id, fiat_id, side)"
        " SELECT n.venue, c.crypto_id, f.fiat_id, n.side"
        " FROM (VALUES %s) AS n (venue, symbol, currency_code, side)"
        " JOIN warehouse.crypto c USING (symbol) JOIN warehouse.fiat f USING (currency_code)"
        " ORDER BY n.currency_code, n.symbol, n.side",
        rows,
        page_size=len(rows),
    )


def terms_ids(cursor: pg.cursor, terms: pa.Table) -> Values:
    """The terms_id of each row of terms."""
    rows = list(zip(*(_texts(column) for column in terms.columns), strict=True))
    if not rows:
        return pa.array([], pa.int32())
    placed = [(place, *row) for place, row in enumerate(rows)]
    found = execute_values(cursor, statement("terms"), placed, page_size=len(placed), fetch=True)
    return pa.array([number for (number,) in found], pa.int32())


def _texts(column: Column) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]


def method_set_ids(cursor: pg.cursor, methods: MethodSets) -> Values:
    """The method_set_id of each listing."""
    cursor.execute(
        'CREATE TEMP TABLE IF NOT EXISTS listed (place integer, listing text COLLATE "C")'
        " ON COMMIT DELETE ROWS"
    )
    places = pa.array(range(len(methods.listings)), pa.int32())
    copy(cursor, pa.table({"place": places, "listing": methods.listings}), "listed")
    cursor.execute(
        "SELECT l.listing FROM listed l LEFT JOIN warehouse.method_set s USING (listing)"
        " WHERE s.listing IS NULL ORDER BY l.place"
    )
    if unknown := [listing for (listing,) in cursor.fetchall()]:
        _add_sets(cursor, unknown, methods)
    _name_nameless(cursor, methods)
    cursor.execute(
        "SELECT s.method_set_id FROM listed l JOIN warehouse.method_set s USING (listing)"
        " ORDER BY l.place"
    )
    return pa.array([number for (number,) in cursor.fetchall()], pa.int32())


def _add_sets(cursor: pg.cursor, listings: Sequence[str], methods: MethodSets) -> None:
    sets = [(listing, codes_of(listing)) for listing in listings]
    _add_methods(cursor, {code for _, codes in sets for code in codes}, methods)
    added = execute_values(
        cursor,
        "INSERT INTO warehouse.method_set (listing, codes)"
        " SELECT listing, codes::text[] FROM (VALUES %s) AS v (listing, codes)"
        " RETURNING method_set_id",
        sets,
        page_size=1000,
        fetch=True,
    )
    cursor.execute(
        "INSERT INTO warehouse.method_set_member (method_set_id, payment_method_id, is_primary)"
        " SELECT s.method_set_id, m.payment_method_id, bool_or(c.place = 1)"
        " FROM warehouse.method_set s"
        " CROSS JOIN LATERAL unnest(s.codes) WITH ORDINALITY AS c (method_code, place)"
        " JOIN warehouse.payment_method m USING (method_code)"
        " WHERE s.method_set_id >= %s GROUP BY 1, 2 ORDER BY 1, 2",
        (min(number for (number,) in added),),
    )


def _add_methods(cursor: pg.cursor, codes: set[str], methods: MethodSets) -> None:
    cursor.execute("SELECT method_code FROM warehouse.payment_method")
    unknown = sorted(codes - {code for (code,) in cursor.fetchall()})
    names = methods.names_of(unknown)
    execute_values(
        cursor,
        "INSERT INTO warehouse.payment_method (method_code, method_name, category) VALUES %s",
        [(code, names.get(code, code), category_of(code)) for code in unknown],
    )


def _name_nameless(cursor: pg.cursor, methods: MethodSets) -> None:
    """Methods that go by their code, since nobody had named them, get the name that is told now."""
    cursor.execute(
        "SELECT method_code FROM warehouse.payment_method WHERE method_name = method_code"
    )
    nameless = [code for (code,) in cursor.fetchall()]
    if named := methods.names_of(nameless):
        execute_values(
            cursor,
            "UPDATE warehouse.payment_method m SET method_name = v.name, updated_at = now()"
            " FROM (VALUES %s) AS v (code, name) WHERE m.method_code = v.code",
            list(named.items()),
        )
