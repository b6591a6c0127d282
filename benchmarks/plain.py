"""A plain collector: one page after the other by httpx, rows of the contract, pandas, Parquet."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pandas as pd

from benchmarks.errand import Errand
from benchmarks.pages import HEADERS, SEARCH_PATH

_PRICE_TYPES = {1: "FIXED", 2: "FLOATING"}


def collect(errand: Errand) -> None:
    """Read all pages into one Parquet file."""
    rows = list(_rows(errand, datetime.now(UTC).replace(microsecond=0)))
    frame = pd.DataFrame(rows)
    frame.to_parquet(errand.folder / "plain.parquet")
    errand.tell(frame["adv_no"].nunique())


def _rows(errand: Errand, now: datetime) -> Iterator[dict[str, Any]]:
    with httpx.Client(base_url=errand.url, headers=HEADERS, trust_env=False) as client:
        for body in errand.bodies():
            response = client.post(SEARCH_PATH, content=body)
            response.raise_for_status()
            for entry in response.json()["data"]:
                yield _row(entry["adv"], entry["advertiser"], now)


def _row(adv: dict[str, Any], advertiser: dict[str, Any], now: datetime) -> dict[str, Any]:
    created_at = adv["createTime"]
    return {
        "snapshot_id": f"{now:%Y%m%dT%H%M%SZ}_{adv['tradeType']}",
        "fetched_at": now,
        "fetched_date": f"{now:%Y-%m-%d}",
        "trade_type": adv["tradeType"],
        "adv_no": adv["advNo"],
        "asset": adv["asset"],
        "fiat": adv["fiatUnit"],
        "price": _decimal(adv["price"]),
        "surplus_amount": _decimal(adv["surplusAmount"]),
        "min_amount": _decimal(adv["minSingleTransAmount"]),
        "max_amount": _decimal(adv["maxSingleTransAmount"]),
        "tradable_quantity": _decimal(adv["tradableQuantity"]),
        "advertiser_no": advertiser["userNo"],
        "advertiser_name": advertiser["nickName"],
        "advertiser_type": advertiser["userType"],
        "month_order_count": advertiser["monthOrderCount"],
        "month_finish_rate": _decimal(advertiser["monthFinishRate"]),
        "positive_rate": _decimal(advertiser["positiveRate"]),
        "user_positive_rate": _decimal(advertiser.get("userPositiveRate")),
        "payment_methods": [method["payType"] for method in adv["tradeMethods"]],
        "payment_method_ids": [method["identifier"] for method in adv["tradeMethods"]],
        "ad_created_at": created_at and datetime.fromtimestamp(created_at / 1000, UTC),
        "price_type": _PRICE_TYPES.get(adv["priceType"]),
    }


def _decimal(value: str | float | None) -> float | None:
    return None if value is None else float(value)


if __name__ == "__main__":
    collect(Errand.of_command_line(sys.argv))
