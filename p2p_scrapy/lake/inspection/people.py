"""Who advertises in a snapshot, and how they are paid."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

_Column: TypeAlias = "pa.ChunkedArray[Any]"


@dataclass(frozen=True, slots=True)
class People:
    """The advertisers of one snapshot.

    Attributes:
        advertisers: advertiser_no of each, once.
        merchants: those of them that are merchants by advertiser_type.
        methods: for each payment method, the ads that take it.
    """

    advertisers: frozenset[str] = frozenset()
    merchants: frozenset[str] = frozenset()
    methods: Counter[str] = field(default_factory=Counter)


def read_people(table: pa.Table, sound: frozenset[str]) -> People:
    """Read them from the columns that are sound; the others leave their part empty."""
    advertisers: frozenset[str] = frozenset()
    merchants: frozenset[str] = frozenset()
    methods: Counter[str] = Counter()
    if "advertiser_no" in sound:
        advertisers = _different(table["advertiser_no"])
    if sound.issuperset(("advertiser_no", "advertiser_type")):
        by_merchants = table.filter(pc.field("advertiser_type") == "merchant")
        merchants = _different(by_merchants["advertiser_no"])
    if "payment_methods" in sound:
        methods = _methods(table["payment_methods"])
    return People(advertisers, merchants, methods)


def _different(numbers: _Column) -> frozenset[str]:
    return frozenset(number for number in pc.unique(numbers).to_pylist() if number is not None)


def _methods(of_ads: _Column) -> Counter[str]:
    counted: Any = pc.value_counts(pc.list_flatten(of_ads))
    pairs = ((row["values"], row["counts"]) for row in counted.to_pylist())
    return Counter({method: ads for method, ads in pairs if method is not None})
