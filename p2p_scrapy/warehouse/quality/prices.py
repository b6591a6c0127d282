"""Ads whose price is far from what is usual in their market."""

import psycopg2.extensions as pg

from p2p_scrapy.warehouse.quality.asking import ask
from p2p_scrapy.warehouse.quality.outcome import NAMED, Check
from p2p_scrapy.warehouse.quality.thresholds import Thresholds

TOO_MANY = 10
"""Anomalies from which on a batch does not pass; a few such ads stand in the books at any time."""


def price_anomalies(cursor: pg.cursor, thresholds: Thresholds) -> Check:
    """Ads further than the threshold from the median of their market's last 7 sweeps' medians."""
    rows = ask(cursor, "price_anomalies", threshold=thresholds.price_anomaly, named=NAMED)
    count = rows[0]["anomalies"] if rows else 0
    ads = [{name: row[name] for name in ("adv_no", "market", "price", "reference")} for row in rows]
    return Check(
        "price_anomalies",
        count,
        TOO_MANY,
        passed=count < TOO_MANY,
        finding=f"{count} ads are more than {thresholds.price_anomaly:.0%} from their market's"
        f" usual price; there should be fewer than {TOO_MANY}",
        details={"ads": ads},
    )
