"""Ads that were seen and refused: they stood in the book all the same."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from p2p_scrapy.warehouse.staging.columns import SEPARATOR
from p2p_scrapy.warehouse.staging.compute import Values, pc
from p2p_scrapy.warehouse.zero_bytes import without_zeros

NOTHING_LEFT = "no_surplus"
"""The refusal of an ad with nothing to trade: such an ad leaves the book."""


def refusals(records: Iterable[dict[str, Any]], market_keys: Values) -> pa.Table:
    """The refused ads of a batch that have a number: market (its code), adv_no, is_empty."""
    told = [without_zeros(each) for each in records if each["adv_no"]]
    keys = pa.array([_key(each) for each in told], pa.string())
    table = pa.table(
        {
            "market": pc.index_in(keys, market_keys),
            "adv_no": pa.array([each["adv_no"] for each in told], pa.string()),
            "is_empty": pa.array([each["reason"] == NOTHING_LEFT for each in told], pa.bool_()),
        }
    )
    return table.filter(pc.is_valid(table["market"]))


def _key(refused: dict[str, Any]) -> str:
    return SEPARATOR.join((refused["asset"], refused["fiat"], refused["side"]))
