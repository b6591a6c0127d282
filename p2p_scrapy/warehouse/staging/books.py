"""Books as a batch shows them: ads in the order of market and number, and their ranks."""

import pyarrow as pa
import pyarrow.compute as pc

NUMBERS = ["price", "surplus_amount", "min_amount", "max_amount", "tradable_quantity"]
"""What of an ad is money or a quantity."""

_HIGHEST_RANK = 32_767
"""What two bytes hold; the largest book ever seen has 2,550 ads. A rank beyond is not kept."""


def in_book_order(ads: pa.Table) -> pa.Table:
    """Ads by market, then by number, byte for byte: the order of the database's collation "C"."""
    keys = [("market", "ascending"), ("adv_no", "ascending")]
    return ads.take(pc.sort_indices(ads, sort_keys=keys))


def ranks_of(ads: pa.Table, markets: int) -> pa.ListArray:
    """For each market the ranks of its ads, which must be in book order.

    A rank is negative where the ad is promoted as well, and 0 where it is only promoted.
    """
    rank = ads["rank"].combine_chunks()
    kept = pc.if_else(pc.greater(rank, _HIGHEST_RANK), None, rank)
    signed = pc.if_else(ads["is_promoted"].combine_chunks(), pc.negate(kept), kept)
    signed = pc.if_else(pc.is_null(rank), 0, signed).cast(pa.int16())
    return pa.ListArray.from_arrays(_offsets(ads["market"], markets), signed)


def _offsets(market: pa.ChunkedArray, markets: int) -> pa.Array:
    """Where each market's ads begin, and where the last one's end."""
    counts = [0] * (markets + 1)
    for each in pc.value_counts(market).to_pylist():
        counts[each["values"] + 1] = each["counts"]
    return pc.cumulative_sum(pa.array(counts, pa.int32()))
