"""An ad: the one definition from which Parquet, feeds and the warehouse derive."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from items.market import Market, Side

Row = tuple[Any, ...]
"""An ad's values in the order of AD_COLUMNS."""


@dataclass(slots=True)
class Ad:
    """One row of one book at one look; its fields up to taker_kyc_required are the columns.

    Times are UTC. Limits (min_amount, max_amount, dynamic_max_amount) are in FIAT, quantities and
    surplus in crypto, rates are fractions from 0 to 1. None is what the exchange did not tell.
    Field meanings and sources: docs/columns.md.
    """

    snapshot_id: str
    fetched_at: datetime
    fetched_date: str
    trade_type: str | None
    adv_no: str | None
    asset: str | None
    fiat: str | None
    price: float | None
    surplus_amount: float | None
    min_amount: float | None
    max_amount: float | None
    tradable_quantity: float | None
    advertiser_no: str | None
    advertiser_name: str | None
    advertiser_type: str | None
    month_order_count: int | None
    month_finish_rate: float | None
    positive_rate: float | None
    user_positive_rate: float | None
    payment_methods: list[str | None] | None
    payment_method_ids: list[str | None] | None
    ad_created_at: datetime | None
    price_type: str | None

    batch_id: str
    venue: str
    observed_at: datetime
    search_side: str
    rank: int | None
    page: int
    is_promoted: bool
    privilege_type: int | None
    classify: str | None
    min_quantity: float | None
    max_quantity: float | None
    dynamic_max_amount: float | None
    dynamic_max_quantity: float | None
    pay_time_limit_minutes: int | None
    is_merchant: bool | None
    user_grade: int | None
    user_identity: str | None
    badges: list[str | None] | None
    vip_level: int | None
    active_seconds_ago: int | None
    payment_method_names: list[str | None] | None
    commission_rate: float | None
    ad_created_at_source: str | None
    taker_kyc_required: bool | None

    market: Market
    raw: bytes
    """The market that was asked for, and the entry as it came: for refusals, never a column."""

    def row(self) -> Row:
        """The values of AD_COLUMNS, in their order."""
        return _row_of(self)


@dataclass(slots=True)
class UnreadableAd:
    """An entry of a page that is not the JSON object an ad is; it counts as seen."""

    market: Market
    page: int
    observed_at: datetime
    error: str
    raw: bytes


_NOT_COLUMNS = ("market", "raw")
AD_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Ad) if f.name not in _NOT_COLUMNS)
CONTRACT_COLUMNS: tuple[str, ...] = AD_COLUMNS[:23]
"""The first 23 columns, whose names, order and types never change."""

_row_of = attrgetter(*AD_COLUMNS)


def snapshot_id(started_at: datetime, side: Side) -> str:
    """Name the snapshot of one side in one batch: ``20260605T133000Z_SELL``."""
    return f"{started_at:%Y%m%dT%H%M%SZ}_{side}"
