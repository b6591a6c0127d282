"""A look at the world as the ads of a snapshot, with all columns of the lake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.month.looks import Look
from benchmarks.month.seed import Seed, Whole
from benchmarks.month.world import World
from items import AD_SCHEMA, Side, snapshot_id

_OF_SLOT = ("venue", "asset", "fiat", "trade_type", "search_side", "is_promoted", "privilege_type")
_OF_FACE = ("user_grade", "user_identity", "badges", "vip_level", "user_positive_rate")
_OF_TEMPLATE = (
    *("payment_methods", "payment_method_ids", "payment_method_names", "price_type"),
    *("min_quantity", "max_quantity", "pay_time_limit_minutes", "commission_rate"),
    *("ad_created_at_source", "taker_kyc_required"),
)
_Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Snapshots:
    """Both sides of one look."""

    world: World
    seed: Seed
    look: Look
    started_at: datetime
    batch_id: str
    active: Whole
    """Seconds since each advertiser was last active."""

    def of(self, side: Side) -> pa.Table:
        """The ads of one side that were seen, by market and rank."""
        of_side = self.seed.sells == (side is Side.SELL)
        slots = self.look.order[(of_side & self.look.seen)[self.look.order]]
        columns = {
            **self._taken(slots, _OF_SLOT),
            **self._taken(self.world.ads.template[slots], _OF_TEMPLATE),
            **self._taken(self.world.advertisers.face[self._whose(slots)], _OF_FACE),
            **self._of_ads(slots),
            **self._of_advertisers(slots),
            **self._of_look(slots),
            **self._of_batch(len(slots), side),
        }
        ordered = [_arrow(columns[field.name], field.type) for field in AD_SCHEMA]
        return pa.table(ordered, schema=AD_SCHEMA)

    def _whose(self, slots: Whole) -> Whole:
        return self.world.ads.advertiser[slots]

    def _taken(self, places: Whole, names: tuple[str, ...]) -> _Columns:
        taken = self.seed.ads.select(names).take(places)
        return dict(zip(names, taken.columns, strict=True))

    def _of_ads(self, slots: Whole) -> _Columns:
        ads = self.world.ads
        worth = np.floor(ads.surplus * ads.price * 100) / 100
        columns = {
            "adv_no": ads.number,
            "price": ads.price,
            "surplus_amount": ads.surplus,
            "min_amount": ads.min_amount,
            "max_amount": ads.max_amount,
            "tradable_quantity": ads.tradable,
            "ad_created_at": ads.created,
            "dynamic_max_amount": np.minimum(worth, ads.max_amount),
            "dynamic_max_quantity": ads.surplus,
        }
        return {name: column[slots] for name, column in columns.items()}

    def _of_advertisers(self, slots: Whole) -> _Columns:
        people, whose = self.world.advertisers, self._whose(slots)
        merchant = people.is_merchant[whose]
        return {
            "advertiser_no": people.number[whose],
            "advertiser_name": people.nickname[whose],
            "advertiser_type": np.where(merchant, "merchant", "user"),
            "classify": np.where(merchant, "profession", "mass"),
            "is_merchant": merchant,
            "month_order_count": people.orders[whose],
            "month_finish_rate": people.finished[whose],
            "positive_rate": people.positive[whose],
            "active_seconds_ago": self.active[whose],
        }

    def _of_look(self, slots: Whole) -> _Columns:
        return {
            "rank": pa.array(self.look.rank[slots], mask=~self.seed.ranked[slots]),
            "page": self.look.page[slots],
            "observed_at": self.look.observed[slots],
        }

    def _of_batch(self, rows: int, side: Side) -> _Columns:
        started_at = self.started_at
        texts = {
            "snapshot_id": snapshot_id(started_at, side),
            "fetched_date": f"{started_at:%Y-%m-%d}",
            "batch_id": self.batch_id,
        }
        moment = pa.scalar(started_at, AD_SCHEMA.field("fetched_at").type)
        repeated = {name: pa.repeat(text, rows) for name, text in texts.items()}
        return {**repeated, "fetched_at": pa.repeat(moment, rows)}


def _arrow(column: Any, kind: pa.DataType) -> Any:
    return pa.array(column, kind) if isinstance(column, np.ndarray) else column
