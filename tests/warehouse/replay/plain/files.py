"""A lake's files, batch by batch, and the values that stand in a row of them."""

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.warehouse.replay.plain.records import Stats, Values, Who


def read_batch(data_dir: Path, ledger: Path) -> tuple[list[Any], list[Any], list[Any]]:
    """The rows of a batch's files, all of which have its name and lie in folders of its day."""
    stamp = ledger.stem.removeprefix("sweeps_")
    day = Path(*ledger.parent.parts[-3:])
    ads = [
        row
        for side in ("buy", "sell")
        for row in _rows(data_dir / "raw" / f"{side}_ads" / day / f"snapshot_{stamp}.parquet")
    ]
    rejected = data_dir / "rejected" / day / f"rejected_{stamp}.jsonl.gz"
    lines = gzip.decompress(rejected.read_bytes()).splitlines() if rejected.exists() else []
    return _rows(ledger), ads, [json.loads(line) for line in lines]


def _rows(path: Path) -> list[Any]:
    return pq.ParquetFile(path).read().to_pylist()


def exact(number: float | None) -> Decimal | None:
    """The number whose shortest text this float is."""
    return None if number is None else Decimal(repr(number))


def who_of(row: Any) -> Who:
    badges = row["badges"]
    return Who(
        row["advertiser_name"],
        row["advertiser_type"],
        row["is_merchant"],
        row["user_grade"],
        row["user_identity"],
        None if badges is None else tuple(badges),
        row["vip_level"],
    )


def stats_of(row: Any) -> Stats:
    return Stats(
        row["month_order_count"], exact(row["month_finish_rate"]), exact(row["positive_rate"])
    )


def values_of(row: Any, who_since: datetime) -> Values:
    return Values(
        price=exact(row["price"]),
        surplus=exact(row["surplus_amount"]),
        min_amount=exact(row["min_amount"]),
        max_amount=exact(row["max_amount"]),
        tradable=exact(row["tradable_quantity"]),
        methods=_methods(row),
        terms=(
            row["price_type"],
            row["classify"],
            row["pay_time_limit_minutes"],
            exact(row["commission_rate"]),
            row["taker_kyc_required"],
        ),
        is_ranked=row["rank"] is not None,
        advertiser=row["advertiser_no"] or "",
        who_since=who_since,
    )


def _methods(row: Any) -> tuple[str | None, ...]:
    identifiers, pay_types = row["payment_method_ids"] or (), row["payment_methods"] or ()
    return tuple(one or other for one, other in zip(identifiers, pay_types, strict=True))
