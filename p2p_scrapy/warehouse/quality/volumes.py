"""What is on offer, against the last day's mean."""

from typing import Any

import psycopg2.extensions as pg

from p2p_scrapy.warehouse.quality.asking import ask
from p2p_scrapy.warehouse.quality.outcome import Check
from p2p_scrapy.warehouse.quality.thresholds import Thresholds


def volume_consistency(cursor: pg.cursor, thresholds: Thresholds) -> Check:
    """The largest drop of an asset's volume: 0.6 where 40 % of the day's mean are left.

    It is 0 where none fell, and None where there is nothing to compare. Compared are markets that
    were read whole now and have a sweep, a whole or a partial one, of the 24 hours before. A book
    that is empty now counts as nothing on offer.
    """
    assets = [_with_drop(row) for row in ask(cursor, "volumes") if row["mean"] > 0]
    worst = max((each["drop"] for each in assets), default=None)
    dropped = [each for each in assets if each["drop"] >= thresholds.volume_drop]
    return Check(
        "volume_consistency",
        worst,
        thresholds.volume_drop,
        passed=not dropped,
        finding=f"the volume of {', '.join(each['asset'] for each in dropped)} fell by"
        f" {thresholds.volume_drop:.0%} or more against the last day's mean",
        details={"compared": len(assets), "dropped": dropped},
    )


def _with_drop(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "drop": max(1 - row["volume"] / row["mean"], 0.0)}
