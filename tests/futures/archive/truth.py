"""What files of the bundled archive mean, beside what the lake has."""

from decimal import Decimal

from p2p_scrapy.exchange.futures.archive.files import Folder
from tests.futures.archive.runs import options


def truth(stem):
    """A file's rows as the archive means them: agg_trade_id, price, quantity, time."""
    given = options()
    for span in ("daily", "monthly"):
        folder = Folder.parse(f"{span}/aggTrades/BTCUSDT/")
        for file in folder.files(given.start, given.end):
            if file.stem == stem:
                return [row.split(",") for row in file.rows(given, 1)]
    raise LookupError(stem)


def as_written(rows):
    """Rows of the lake as the archive's cells; decimals compare by their value."""
    return [
        [
            row["agg_trade_id"],
            row["price"],
            row["quantity"],
            row["first_trade_id"],
            row["last_trade_id"],
            round(row["transact_time"].timestamp() * 1000),
            row["is_buyer_maker"],
        ]
        for row in rows
    ]


def as_meant(stem):
    return [
        [int(a), Decimal(p), Decimal(q), int(f), int(last), int(t), m == "true"]
        for a, p, q, f, last, t, m in truth(stem)
    ]
