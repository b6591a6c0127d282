"""Books as a batch shows them: ads in the order of market and number, and their ranks."""

from typing import Any

import pyarrow as pa

from p2p_scrapy.warehouse.staging.columns import whole
from p2p_scrapy.warehouse.staging.compute import Column, Values, pc

NUMBERS = ["price", "surplus_amount", "min_amount", "max_amount", "tradable_quantity"]
"""What of an ad is money or a quantity."""

_HIGHEST_RANK = 32_767
"""What two bytes hold; the largest book ever seen has 2,550 ads. A rank beyond is not kept."""


def in_book_order(ads: pa.Table) -> pa.Table:
    """Ads by market, then by number, byte for byte: the order of the database's collation "C"."""
    order = pc.sort_indices(ads, sort_keys=[("market", "ascending"), ("adv_no", "ascending")])
    return ads.take(order)


def ranks_of(ads: pa.Table, markets: int) -> Values:
    """For each market the ranks of its ads, which must be in book order.

    A rank is negative where the ad is promoted as well, and 0 where it is only promoted.
    """
    rank = whole(ads["rank"])
    kept = pc.if_else(pc.greater(rank, _HIGHEST_RANK), None, rank)
    signed = pc.if_else(whole(ads["is_promoted"]), pc.negate(kept), kept)
    signed = whole(pc.if_else(pc.is_null(rank), 0, signed)).cast(pa.int16())
    offsets: Any = _offsets(ads["market"], markets)
    ranks: Values = pa.ListArray.from_arrays(offsets, signed)
    return ranks


def _offsets(market: Column, markets: int) -> Values:
    """Where each market's ads begin, and where the last one's end."""
    counts = [0] * (markets + 1)
    for each in pc.value_counts(market).to_pylist():
        counts[each["values"] + 1] = each["counts"]
    return whole(pc.cumulative_sum(pa.array(counts, pa.int32())))
