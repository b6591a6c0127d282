"""How much of a book changed between two looks at it, by the snapshots in the lake."""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from items import Market
from p2p_scrapy.lake.paths import BatchPaths

logger = logging.getLogger(__name__)

_COLUMNS = ["asset", "fiat", "trade_type", "adv_no", "price", "rank"]
_TYPES: dict[str, pa.DataType] = {
    "market": pa.string(),
    "adv_no": pa.string(),
    "price": pa.float64(),
}
_BOOKS = pa.schema(_TYPES)
compute: Any = pc
"""Untyped: the stubs know neither joins of columns with text nor nulls filled with False."""


def books(data_dir: Path, started_at: datetime, markets: Collection[Market]) -> pa.Table | None:
    """Some markets as the batch of that start saw them: columns market, adv_no and price.

    Ads that were seen as promoted alone are left out. None where a snapshot is not there any more
    or cannot be read.
    """
    paths = BatchPaths(data_dir, started_at)
    try:
        sides = [_read(paths.snapshot(side)) for side in {market.side for market in markets}]
    except (OSError, pa.ArrowException) as error:
        logger.warning("What has changed since %s is not known: %s", started_at, error)
        return None
    table = together(sides)
    wanted = pa.array([str(market) for market in markets], pa.string())
    return table.filter(pc.is_in(table["market"], value_set=wanted))


def together(tables: Collection[pa.Table]) -> pa.Table:
    """Several such tables as one."""
    return pa.concat_tables([_BOOKS.empty_table(), *tables])


def changed(before: pa.Table, after: pa.Table) -> Counter[str]:
    """Ads that came, went, or have another price, by market.

    A new ad in the place of one that went counts once.
    """
    return _not_in(after, before) | _not_in(before, after)


def _read(path: Path) -> pa.Table:
    table = pq.read_table(path, columns=_COLUMNS, partitioning=None)
    table = table.filter(pc.is_valid(table["rank"]))
    pair = compute.binary_join_element_wise(table["asset"], table["fiat"], "/")
    market = compute.binary_join_element_wise(pair, table["trade_type"], " ")
    return pa.table([market, table["adv_no"], table["price"]], schema=_BOOKS)


def _not_in(ads: pa.Table, others: pa.Table) -> Counter[str]:
    """How many of the ads the others have not, or have at another price, by market."""
    numbers = others["adv_no"].combine_chunks()
    prices = others["price"].take(pc.index_in(ads["adv_no"], value_set=numbers))
    same = compute.fill_null(pc.equal(ads["price"], prices), fill_value=False)
    changed_in: list[str] = compute.filter(ads["market"], compute.invert(same)).to_pylist()
    return Counter(changed_in)
