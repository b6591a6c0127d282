"""Asking the database: the statements are in p2p_scrapy/warehouse/statements/quality."""

from typing import Any

import psycopg2.extensions as pg

from p2p_scrapy.warehouse.statement import statement


def ask(cursor: pg.cursor, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Run ``name.sql``; its rows, by column."""
    cursor.execute(statement(f"quality/{name}"), parameters)
    columns = [column.name for column in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
